package com.customerledger.query.view;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.customerledger.query.tail.RecordedEvent;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What fills a view reaches nothing but the connection that it is given: every class of ours that a view knows, or that
 * those know, depends on values, collections, text and SQL, and on nothing else. So a rebuild has no effects outside.
 */
class NoEffectsTest {

    private static final String OURS = "com.customerledger";

    private static final Set<String> PACKAGES = Set.of(
            "java.lang",
            "java.lang.annotation",
            "java.math",
            "java.nio",
            "java.nio.charset",
            "java.security",
            "java.sql",
            "java.text",
            "java.time",
            "java.time.format",
            "java.time.temporal",
            "java.util",
            "java.util.function",
            "java.util.regex",
            "java.util.stream",
            "org.jspecify.annotations",
            "org.postgresql",
            "org.postgresql.copy",
            "tools.jackson.core",
            "tools.jackson.core.json");

    private static final Set<String> MORE_CLASSES = Set.of(
            "com.google.i18n.phonenumbers.PhoneNumberUtil",
            "java.io.ByteArrayInputStream",
            "java.io.ByteArrayOutputStream",
            "java.io.DataOutputStream",
            "java.io.IOException",
            "java.io.InputStream",
            "java.io.OutputStream",
            "java.io.StringWriter",
            "java.io.UncheckedIOException",
            "java.io.Writer",
            "java.lang.invoke.LambdaMetafactory",
            "java.lang.invoke.StringConcatFactory",
            "java.lang.runtime.ObjectMethods",
            "org.apache.commons.validator.routines.EmailValidator",
            "tools.jackson.core.io.SerializedString");

    /** What those packages have, and leads outside all the same or depends on the moment. */
    private static final Set<String> REFUSED = Set.of(
            "java.lang.ClassLoader",
            "java.lang.Process",
            "java.lang.ProcessBuilder",
            "java.lang.ProcessHandle",
            "java.lang.Runtime",
            "java.lang.Thread",
            "java.security.SecureRandom",
            "java.sql.DriverManager",
            "java.time.Clock",
            "java.util.Formatter",
            "java.util.Random",
            "java.util.Scanner",
            "java.util.ServiceLoader",
            "java.util.Timer");

    private static final Set<String> REFUSED_METHODS =
            Set.of("forName", "now", "random", "randomUUID", "parallelStream", "parallel");

    private static final JavaClasses ALL = new ClassFileImporter().importPackages(OURS);

    private static final DescribedPredicate<JavaClass> FILL_VIEWS = DescribedPredicate.describe(
            "fill the program's views", type -> !type.isInterface() && fills(type) && isOfTheProgram(type));

    private static boolean fills(JavaClass type) {
        return type.isAssignableTo(View.class) || type.isAssignableTo(View.Projection.class);
    }

    private static boolean isOfTheProgram(JavaClass type) {
        return type.getSource()
                .filter(source -> !source.getUri().getPath().contains("/test-classes/"))
                .isPresent();
    }

    /** Everything of ours that the class reaches, itself included, each with the class that it was reached from. */
    private static Map<JavaClass, JavaClass> reached(JavaClass from) {
        Map<JavaClass, JavaClass> reached = new LinkedHashMap<>(Map.of(from, from));
        Deque<JavaClass> left = new ArrayDeque<>(reached.keySet());
        for (JavaClass each = left.poll(); each != null; each = left.poll()) {
            for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass().getBaseComponentType();
                if (isOurs(target) && reached.putIfAbsent(target, each) == null) {
                    left.add(target);
                }
            }
        }
        return reached;
    }

    private static boolean isOurs(JavaClass type) {
        return type.getName().startsWith(OURS + ".");
    }

    private static boolean isHarmless(JavaClass type) {
        return type.isPrimitive()
                || isOurs(type)
                || MORE_CLASSES.contains(type.getName())
                || (PACKAGES.contains(type.getPackageName())
                        && !REFUSED.contains(type.getName().replaceAll("\\$.*", "")));
    }

    private static final ArchCondition<JavaClass> REACH_WHAT_LEADS_OUTSIDE =
            new ArchCondition<>("reach what leads outside, by themselves or through other classes") {
                @Override
                public void check(JavaClass filling, ConditionEvents events) {
                    reached(filling).keySet().forEach(each -> check(filling, each, events));
                }

                private void check(JavaClass filling, JavaClass each, ConditionEvents events) {
                    for (Dependency dependency : each.getDirectDependenciesFromSelf()) {
                        if (!isHarmless(dependency.getTargetClass().getBaseComponentType())) {
                            add(filling, dependency.getDescription(), events);
                        }
                    }
                    for (JavaAccess<?> access : each.getAccessesFromSelf()) {
                        boolean isOfSystem = access.getTargetOwner().isEquivalentTo(System.class);
                        if ((isOfSystem && !access.getName().equals("arraycopy"))
                                || (!isOurs(access.getTargetOwner()) && REFUSED_METHODS.contains(access.getName()))) {
                            add(filling, access.getDescription(), events);
                        }
                    }
                    for (JavaField field : each.getFields()) {
                        if (field.getModifiers().contains(JavaModifier.STATIC)
                                && !field.getModifiers().contains(JavaModifier.FINAL)) {
                            add(filling, field.getDescription() + " could be given anything", events);
                        }
                    }
                }

                private void add(JavaClass filling, String what, ConditionEvents events) {
                    events.add(SimpleConditionEvent.satisfied(filling, filling.getName() + ": " + what));
                }
            };

    private static final ArchCondition<JavaClass> HAVE_ONE_CONSTRUCTOR_WITHOUT_PARAMETERS =
            new ArchCondition<>("have one constructor, without parameters") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    boolean satisfied = type.getConstructors().size() == 1
                            && type.getConstructors()
                                    .iterator()
                                    .next()
                                    .getParameters()
                                    .isEmpty();
                    events.add(new SimpleConditionEvent(type, satisfied, type.getName()));
                }
            };

    @Test
    void noViewReachesAnythingThatHasEffectsOutside() {
        noClasses().that(FILL_VIEWS).should(REACH_WHAT_LEADS_OUTSIDE).check(ALL);
    }

    @Test
    void nothingCanBePutIntoAView() {
        classes()
                .that(FILL_VIEWS)
                .and()
                .areAssignableTo(View.class)
                .should(HAVE_ONE_CONSTRUCTOR_WITHOUT_PARAMETERS)
                .check(ALL);
    }

    /** Projections with effects, and by which of them the rule is to find each. */
    static Stream<Arguments> effects() {
        return Stream.of(
                Arguments.of(
                        new Filling() {
                            @Override
                            void apply(Connection connection) {
                                HttpClient.newHttpClient();
                            }
                        },
                        "java.net.http.HttpClient"),
                Arguments.of(
                        new Filling() {
                            @Override
                            void apply(Connection connection) {
                                Courier.deliver();
                            }
                        },
                        "java.nio.file.Files"),
                Arguments.of(
                        new Filling() {
                            @Override
                            void apply(Connection connection) {
                                new Thread(() -> {}).start();
                            }
                        },
                        "java.lang.Thread"),
                Arguments.of(
                        new Filling() {
                            @Override
                            void apply(Connection connection) {
                                ForkJoinPool.commonPool().execute(() -> {});
                            }
                        },
                        "java.util.concurrent.ForkJoinPool"),
                Arguments.of(
                        new Filling() {
                            @Override
                            void apply(Connection connection) throws SQLException {
                                DriverManager.getConnection("jdbc:postgresql:elsewhere")
                                        .close();
                            }
                        },
                        "java.sql.DriverManager"),
                Arguments.of(
                        new Filling() {
                            @Override
                            void apply(Connection connection) throws SQLException {
                                connection.setClientInfo("at", Instant.now().toString());
                            }
                        },
                        "java.time.Instant.now()"),
                Arguments.of(
                        new Filling() {
                            @Override
                            void apply(Connection connection) {
                                System.setProperty("told", "everybody");
                            }
                        },
                        "java.lang.System.setProperty"),
                Arguments.of(
                        new Filling() {
                            @Override
                            void apply(Connection connection) {
                                Courier.elsewhere.run();
                            }
                        },
                        "Courier.elsewhere> could be given anything"));
    }

    @ParameterizedTest
    @MethodSource("effects")
    void aProjectionWithAnEffectIsFound(View.Projection projection, String effect) {
        DescribedPredicate<JavaClass> it =
                DescribedPredicate.describe("fill with an effect", type -> type.isEquivalentTo(projection.getClass()));

        String report = noClasses()
                .that(it)
                .should(REACH_WHAT_LEADS_OUTSIDE)
                .evaluate(ALL)
                .getFailureReport()
                .toString();

        assertThat(report).contains(effect);
    }

    @Test
    void aViewThatIsGivenSomethingIsFound() {
        assertThat(classes()
                        .that()
                        .areAssignableTo(Numbered.class)
                        .should(HAVE_ONE_CONSTRUCTOR_WITHOUT_PARAMETERS)
                        .evaluate(ALL)
                        .hasViolation())
                .isTrue();
    }

    /** A projection that knows of nothing by itself. */
    private abstract static class Filling implements View.Projection {

        @Override
        public void apply(Connection connection, List<RecordedEvent> events) throws SQLException {
            apply(connection);
        }

        abstract void apply(Connection connection) throws SQLException;
    }

    /** Has effects for others. */
    private static final class Courier {

        static Runnable elsewhere = () -> {};

        static void deliver() {
            try {
                Files.delete(Path.of("nothing"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

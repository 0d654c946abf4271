package com.customerledger.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may know whom: this module's tests are the one place that sees every side. */
class ArchitectureTest {
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("com.customerledger");

    @ParameterizedTest
    @CsvSource({
        "events, command",
        "events, query",
        "events, gateway",
        "command, query",
        "command, gateway",
        "query, command",
        "query, gateway",
        "gateway, command",
        "gateway, query",
    })
    void aModuleDoesNotKnowAnother(String module, String other) {
        noClasses()
                .that()
                .resideInAPackage("com.customerledger." + module + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.customerledger." + other + "..")
                .check(MAIN);
    }

    @Test
    void thePublishedLanguageKnowsNoFrameworkAndNoSql() {
        noClasses()
                .that()
                .resideInAPackage("com.customerledger.events..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "org.axonframework..", "java.sql..", "org.postgresql..")
                .check(MAIN);
    }

    @Test
    void onlyTheCommandSideKnowsAxon() {
        noClasses()
                .that()
                .resideOutsideOfPackage("com.customerledger.command..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.axonframework..")
                .check(MAIN);
    }

    @Test
    void onlyTheGatewayKnowsHttp() {
        noClasses()
                .that()
                .resideOutsideOfPackage("com.customerledger.gateway..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework.web..", "org.springframework.http..", "jakarta.servlet..")
                .check(MAIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Impl", "Dto", "Manager", "Helper", "Util", "Utils"})
    void aNameSaysWhatAThingIs(String suffix) {
        noClasses().should().haveSimpleNameEndingWith(suffix).check(MAIN);
    }

    @Test
    void dependenciesComeThroughTheConstructor() {
        noFields()
                .should()
                .beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
                .orShould()
                .beAnnotatedWith("org.springframework.beans.factory.annotation.Value")
                .check(MAIN);
    }

    @Test
    void noFieldIsPublicUnlessItIsAConstant() {
        fields().that().arePublic().should().beStatic().andShould().beFinal().check(MAIN);
    }

    @Test
    void everyEventIsARecord() {
        classes()
                .that()
                .areAssignableTo("com.customerledger.events.LedgerEvent")
                .and()
                .areNotInterfaces()
                .should()
                .beRecords()
                .check(MAIN);
    }
}

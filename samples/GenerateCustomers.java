import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.text.Normalizer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Writes realistic customers, one JSON record a line, in the shape that {@code POST /customers/create} takes.
 *
 * <pre>
 * java samples/GenerateCustomers.java --count 10000 --seed 1 --out customers.ndjson
 * </pre>
 *
 * <p>The same seed gives the same bytes on every JDK (17 or newer), in every locale and on every day. A record depends
 * on the seed and its own number only, so a longer file begins with the shorter one. References contain the record's
 * number and are unique in a file; files of different seeds for one merchant need different {@code --prefix}es.
 *
 * <p>The people and companies are made up. E-mail addresses are under the domains reserved for examples (RFC 2606);
 * telephone and identity numbers are drawn at random from the real ranges and may belong to somebody, so nothing may
 * ever be sent to them.
 *
 * <p>This source is plain ASCII with escapes, because {@code java FILE} on JDK 17 reads it in the locale's encoding.
 */
final class GenerateCustomers {

    // The lookups' ids are the same in every installation.
    private static final String ID_TYPE_SOUTH_AFRICAN_ID = "loo_86wQzYR1OroPfvgTW5lbh";
    private static final String ID_TYPE_PASSPORT = "loo_xsyhVawj5OAf9OWFLNyJY";
    private static final String ID_TYPE_TEMPORARY_RESIDENCE = "loo_GGPmQK1Hkom8n9G1LDI5g";
    private static final String STATUS_ACTIVE = "loo_CbOmCgDMnATtEX2ynSoQ0";
    private static final String STATUS_DISABLED = "loo_FixA0Ki4EyEwAdf_gB77a";
    private static final String STATUS_ARCHIVED = "loo__uFIgkKYFm89AIF_3aBna";

    private static final int COUNT_MAX = 100_000_000;
    private static final int METADATA_KINDS = 13;
    private static final int PREFIX_CHARACTERS_MAX = 8;
    private static final long PROGRESS_INTERVAL_NANOS = 2_000_000_000L;

    private static final String USAGE = """
            Usage: java samples/GenerateCustomers.java [--count N] [--seed S] [--prefix TEXT] [--out FILE]

            Writes N made-up South African customers, one JSON record a line, for ./ledger import.

              --count N      how many (default 1000, at most 100000000)
              --seed S       a whole number; the same seed gives the same bytes (default 1)
              --prefix TEXT  what references begin with: 1 to 8 of A-Z (default CLN)
              --out FILE     the file to write, replaced only when it is complete (default: standard output)
              --help         this text
            """;

    private final long seed;
    private final String prefix;

    private GenerateCustomers(long seed, String prefix) {
        this.seed = seed;
        this.prefix = prefix;
    }

    public static void main(String[] arguments) throws IOException {
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) throws IOException {
        int count = 1000;
        long seed = 1;
        String prefix = "CLN";
        Path out = null;
        try {
            for (int i = 0; i < arguments.size(); i += 2) {
                String option = arguments.get(i);
                if (option.equals("--help") || option.equals("-h")) {
                    System.out.print(USAGE);
                    return 0;
                }
                if (!List.of("--count", "--seed", "--prefix", "--out").contains(option)) {
                    throw new IllegalArgumentException("unknown option " + option);
                }
                if (i + 1 == arguments.size()) {
                    throw new IllegalArgumentException(option + " needs a value");
                }
                String value = arguments.get(i + 1);
                switch (option) {
                    case "--count" -> count = (int) wholeNumber(option, value, 0, COUNT_MAX);
                    case "--seed" -> seed = wholeNumber(option, value, Long.MIN_VALUE, Long.MAX_VALUE);
                    case "--prefix" -> prefix = value;
                    default -> out = Path.of(value);
                }
            }
            if (!prefix.matches("[A-Z]{1," + PREFIX_CHARACTERS_MAX + "}")) {
                throw new IllegalArgumentException("--prefix takes 1 to 8 of A-Z");
            }
        } catch (InvalidPathException e) {
            System.err.println("--out is not a path of this system");
            return 2;
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(USAGE);
            return 2;
        }
        GenerateCustomers generator = new GenerateCustomers(seed, prefix);
        if (out == null) {
            return generator.writeToStandardOutput(count) ? 0 : 1;
        }
        Path directory = out.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory) || Files.exists(out) && !Files.isRegularFile(out)) {
            System.err.println("--out: cannot write a file at " + out);
            return 2;
        }
        Path partial = directory.resolve(out.getFileName() + ".partial");
        try {
            try (Writer writer = Files.newBufferedWriter(partial, StandardCharsets.UTF_8)) {
                generator.write(count, writer);
            }
            Files.move(partial, out, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
        }
        return 0;
    }

    private static long wholeNumber(String option, String value, long min, long max) {
        try {
            long number = Long.parseLong(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + " takes a whole number, not " + value, e);
        }
        throw new IllegalArgumentException(option + " takes a number from " + min + " to " + max);
    }

    /** A reader that goes away early (such as head) ends the run; PrintStream remembers that it could not write. */
    private boolean writeToStandardOutput(int count) throws IOException {
        PrintStream out = System.out;
        Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16);
        write(count, writer);
        return !out.checkError();
    }

    private void write(int count, Writer writer) throws IOException {
        long reportedAt = System.nanoTime();
        for (int number = 1; number <= count; number++) {
            writer.write(record(number));
            writer.write('\n');
            if (number % 1000 == 0 && System.nanoTime() - reportedAt >= PROGRESS_INTERVAL_NANOS) {
                reportedAt = System.nanoTime();
                System.err.println(number + " of " + count + " customers written");
                if (System.out.checkError()) {
                    break;
                }
            }
        }
        writer.flush();
    }

    /** One customer; {@code number} counts from 1 and makes the reference unique. */
    private String record(int number) {
        Dice dice = new Dice(seed, number);
        Json json = new Json(dice.chance(20));
        json.open();
        json.text("reference", reference(dice, number), 35);

        int kind = dice.below(100);
        boolean company = kind < 26;
        boolean person = kind >= 20;
        Person someone = Person.draw(dice);
        String companyName = companyName(dice, someone);

        if (company) {
            json.text("company_name", companyName, 64);
        } else {
            nothing(dice, json, "company_name", true);
        }
        if (person) {
            json.text("person_name", someone.name(), 32);
            json.text("person_surname", someone.surname(), 32);
        } else if (dice.chance(500)) {
            json.nothing("person_name");
            json.nothing("person_surname");
        }

        identity(dice, json, person, someone);

        if (dice.chance(820)) {
            json.text("email", email(dice, company, someone, companyName), 128);
        } else {
            nothing(dice, json, "email", false);
        }
        if (dice.chance(900)) {
            json.text("contact_number", telephone(dice), 16);
        } else {
            nothing(dice, json, "contact_number", false);
        }
        address(dice, json);
        metadata(dice, json, company);
        status(dice, json);
        return json.close();
    }

    private String reference(Dice dice, int number) {
        String serial = digits(number, 6);
        int style = dice.below(100);
        if (style < 84) {
            LocalDate day = LocalDate.of(2019, 1, 1).plusDays(dice.below(2400));
            return prefix
                    + digits(day.getYear() % 100, 2)
                    + digits(day.getMonthValue(), 2)
                    + digits(day.getDayOfMonth(), 2)
                    + serial;
        }
        if (style < 90) {
            return prefix + "-" + serial;
        }
        if (style < 94) {
            return prefix + "/" + dice.pick(Words.BRANCHES) + "/" + serial;
        }
        if (style < 97) {
            return prefix.toLowerCase(Locale.ROOT) + " " + serial + " " + dice.pick(List.of("a", "B", "#2", "(new)"));
        }
        if (style < 99) {
            return "Kli\u00EBnt " + prefix + " " + serial;
        }
        return prefix + "_" + serial + "_" + digits(dice.below(10_000_000), 7) + "_migrated";
    }

    private static void identity(Dice dice, Json json, boolean person, Person someone) {
        int kind = person ? dice.below(100) : 85 + dice.below(15);
        if (kind < 66) {
            json.text("id_type_lookups_id", ID_TYPE_SOUTH_AFRICAN_ID, 32);
            json.text("id_number", southAfricanId(dice, someone.female()), 13);
        } else if (kind < 76) {
            json.text("id_type_lookups_id", ID_TYPE_PASSPORT, 32);
            json.text("id_number", passport(dice), 13);
        } else if (kind < 81) {
            json.text("id_type_lookups_id", ID_TYPE_TEMPORARY_RESIDENCE, 32);
            json.text("id_number", dice.pick(List.of("TRV", "TRP ", "ZW/")) + digits(dice.below(10_000_000), 7), 13);
        } else if (kind < 83) {
            json.text("id_type_lookups_id", ID_TYPE_SOUTH_AFRICAN_ID, 32);
            json.nothing("id_number");
        } else if (kind < 85) {
            json.text("id_number", southAfricanId(dice, someone.female()), 13);
        } else if (kind < 86) {
            json.nothing("id_type_lookups_id");
            json.text("id_number", "", 13);
        } else if (kind < 93) {
            json.nothing("id_type_lookups_id");
            json.nothing("id_number");
        }
    }

    /**
     * Birth date, a serial number that says female (0 to 4999) or male, citizen (0) or permanent resident (1), an 8,
     * and a Luhn check digit over the twelve digits before it.
     */
    private static String southAfricanId(Dice dice, boolean female) {
        LocalDate born = LocalDate.of(1938, 1, 1).plusDays(dice.below(25_200));
        String body = digits(born.getYear() % 100, 2)
                + digits(born.getMonthValue(), 2)
                + digits(born.getDayOfMonth(), 2)
                + digits((female ? 0 : 5000) + dice.below(5000), 4)
                + (dice.chance(60) ? "1" : "0")
                + "8";
        int sum = 0;
        for (int i = 0; i < body.length(); i++) {
            int digit = body.charAt(i) - '0';
            // Counted from the check digit, every second digit is doubled; of twelve those are the odd indexes.
            int weighed = i % 2 == 1 ? digit * 2 : digit;
            sum += weighed > 9 ? weighed - 9 : weighed;
        }
        return body + (10 - sum % 10) % 10;
    }

    private static String passport(Dice dice) {
        return switch (dice.below(4)) {
            case 0, 1 -> dice.pick(List.of("A", "M", "T", "D")) + digits(dice.below(100_000_000), 8);
            case 2 -> dice.pick(List.of("AB", "BN", "FN", "EN")) + digits(dice.below(1_000_000), 6);
            default -> digits(dice.below(1_000_000_000), 9);
        };
    }

    private static String email(Dice dice, boolean company, Person someone, String companyName) {
        String domain = dice.pick(Words.MAIL_DOMAINS);
        if (company) {
            String host = ascii(companyName).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
            String label = host.isEmpty() ? "office" : host.substring(0, Math.min(host.length(), 30));
            String box = dice.pick(List.of("info", "accounts", "debtors", "admin", "rekeninge", "finance.team"));
            return box + "@" + label.replaceAll("-+$", "") + "." + domain;
        }
        String name = ascii(someone.name()).replaceAll("[^a-z]", "");
        String surname = ascii(someone.surname()).replaceAll("[^a-z]", "");
        if (name.isEmpty() || surname.isEmpty()) {
            return "customer" + dice.below(100_000) + "@" + domain;
        }
        return switch (dice.below(8)) {
            case 0 -> name + "@" + domain;
            case 1 -> name.charAt(0) + surname + "@" + domain;
            case 2 -> surname + "_" + name + digits(dice.below(100), 2) + "@" + domain;
            case 3 -> name + "+debit@" + domain;
            case 4 -> surname + "-family@" + domain;
            case 5 -> capital(name) + "." + capital(surname) + "@" + capital(domain);
            default -> name + "." + surname + "@" + domain;
        };
    }

    /** At most 16 characters, and a possible number with South Africa as the default region. */
    private static String telephone(Dice dice) {
        if (dice.chance(40)) {
            return switch (dice.below(5)) {
                case 0 -> "+258 84 " + digits(dice.below(1000), 3) + " " + digits(dice.below(10_000), 4);
                case 1 -> "+26377" + digits(dice.below(10_000_000), 7);
                case 2 -> "+266 58" + digits(dice.below(1_000_000), 6);
                case 3 -> "+44 7700 900" + digits(dice.below(1000), 3);
                default -> "+267 71 " + digits(dice.below(1000), 3) + " " + digits(dice.below(1000), 3);
            };
        }
        String area = dice.chance(850) ? dice.pick(Words.MOBILE_AREAS) : dice.pick(Words.LAND_LINE_AREAS);
        String middle = digits(dice.below(1000), 3);
        String last = digits(dice.below(10_000), 4);
        return switch (dice.below(10)) {
            case 0, 1, 2 -> "+27" + area + middle + last;
            case 3, 4 -> "0" + area + middle + last;
            case 5 -> "0" + area + " " + middle + " " + last;
            case 6 -> "+27 " + area + " " + middle + " " + last;
            case 7 -> "(0" + area + ") " + middle + "-" + last;
            case 8 -> "0" + area + "-" + middle + "-" + last;
            default -> "0027" + area + middle + last;
        };
    }

    private static void address(Dice dice, Json json) {
        City city = dice.pick(Words.CITIES);
        String street = 1 + dice.below(dice.chance(200) ? 1900 : 260) + " " + dice.pick(Words.STREETS);
        int kind = dice.below(100);
        if (kind < 24) {
            String complex =
                    dice.pick(Words.DWELLINGS) + " " + (1 + dice.below(140)) + ", " + dice.pick(Words.COMPLEXES);
            json.text("billing_address_line_1", complex, 128);
            json.text("billing_address_line_2", street, 128);
        } else if (kind < 74) {
            json.text("billing_address_line_1", street, 128);
            if (dice.chance(60)) {
                json.text("billing_address_line_2", dice.chance(800) ? "" : " ", 128);
            } else {
                nothing(dice, json, "billing_address_line_2", false);
            }
        } else if (kind < 82) {
            json.text(
                    "billing_address_line_1",
                    dice.pick(List.of("PO Box ", "Posbus ", "Private Bag X")) + (1 + dice.below(9000)),
                    128);
        } else if (kind < 86) {
            json.text(
                    "billing_address_line_1",
                    "Stand " + (1 + dice.below(9000)) + "\n" + dice.pick(Words.COMPLEXES),
                    128);
            json.text("billing_address_line_2", "c/o\tthe \"" + dice.pick(Words.COMPLEXES) + "\" office", 128);
        } else if (kind < 87) {
            // As long as the field may be, in characters that take one, two and four bytes.
            String farm =
                    "Portion " + (1 + dice.below(90)) + " of the farm M\u00F4regloed, past the \uD83C\uDFC9 field, ";
            String directions = farm + "second gate left, ".repeat(8);
            json.text("billing_address_line_1", directions.substring(0, directions.offsetByCodePoints(0, 128)), 128);
        } else {
            nothing(dice, json, "billing_address_line_1", false);
            nothing(dice, json, "billing_address_line_2", false);
        }
        if (dice.chance(900)) {
            json.text("city_or_town", city.name(), 64);
        } else if (dice.chance(150)) {
            json.text("city_or_town", "", 64);
        } else {
            nothing(dice, json, "city_or_town", false);
        }
        if (dice.chance(880)) {
            json.raw("postal_code", String.valueOf(city.codeFrom() + dice.below(city.codeTo() - city.codeFrom() + 1)));
        } else {
            nothing(dice, json, "postal_code", false);
        }
    }

    private static String companyName(Dice dice, Person owner) {
        int style = dice.below(100);
        String form = dice.pick(Words.COMPANY_FORMS);
        if (style < 40) {
            return dice.pick(Words.COMPANY_FIRST) + " " + dice.pick(Words.TRADES) + " " + form;
        }
        if (style < 62) {
            return owner.surname() + " " + dice.pick(Words.TRADES) + " " + form;
        }
        if (style < 72) {
            return owner.surname() + dice.pick(List.of(" & Sons", " & Daughters", " en Seuns", " Brothers")) + " "
                    + form;
        }
        if (style < 84) {
            return "The " + owner.surname()
                    + dice.pick(List.of(" Family Trust", " Testamentary Trust", " Familietrust"));
        }
        if (style < 92) {
            return dice.pick(Words.COMPANY_FIRST) + " " + dice.pick(Words.TRADES) + " t/a "
                    + dice.pick(Words.COMPANY_FIRST);
        }
        if (style < 98) {
            return dice.pick(Words.COMPANY_FIRST) + " "
                    + dice.pick(List.of("NPC", "Co-operative Ltd", "Stokvel", "Burial Society"));
        }
        return dice.pick(Words.CHINESE_COMPANIES) + " " + form;
    }

    private static void status(Dice dice, Json json) {
        int kind = dice.below(100);
        if (kind < 34) {
            json.text("customer_status_lookups_id", STATUS_ACTIVE, 32);
        } else if (kind < 40) {
            json.text("customer_status_lookups_id", STATUS_DISABLED, 32);
        } else if (kind < 42) {
            json.text("customer_status_lookups_id", STATUS_ARCHIVED, 32);
        } else if (kind < 50) {
            json.nothing("customer_status_lookups_id");
        }
    }

    private static void metadata(Dice dice, Json json, boolean company) {
        int kind = dice.below(100);
        if (kind < 38) {
            return;
        }
        if (kind < 46) {
            json.nothing("metadata");
            return;
        }
        json.openMember("metadata");
        if (kind >= 50) {
            boolean[] used = new boolean[METADATA_KINDS];
            int members = 1 + dice.below(dice.chance(150) ? 6 : 3);
            for (int i = 0; i < members; i++) {
                int which = dice.below(METADATA_KINDS);
                if (!used[which]) {
                    used[which] = true;
                    metadataMember(dice, json, company, which);
                }
            }
        }
        json.closeMember();
    }

    private static void metadataMember(Dice dice, Json json, boolean company, int which) {
        switch (which) {
            case 0 -> {
                json.text("custom_field_1", "custom data " + (1 + dice.below(20)));
                json.text("custom_field_2", "");
            }
            case 1 -> {
                json.openMember("subscription");
                json.text("plan", dice.pick(List.of("bronze", "silver", "gold", "Platinum+")));
                json.raw("monthly_fee", dice.below(2000) + dice.pick(List.of(".10", ".90", ".99", ".00", "", ".5")));
                json.raw("debit_day", String.valueOf(1 + dice.below(31)));
                json.raw("escalation", dice.pick(List.of("1.10", "1.050", "1.0", "1.0775")));
                json.closeMember();
            }
            case 2 ->
                json.raw(
                        "loyalty_points",
                        dice.pick(List.of(
                                "12345678901234567890", "0", "9007199254740993", "18446744073709551616", "-1")));
            case 3 -> {
                json.openMember("geo");
                json.raw("lat", "-" + (22 + dice.below(12)) + "." + digits(dice.below(10_000), 4) + "00");
                json.raw("lon", (17 + dice.below(15)) + "." + digits(dice.below(100_000), 5) + "0");
                json.closeMember();
            }
            case 4 -> {
                json.openList("tags");
                for (int i = dice.below(4); i >= 0; i--) {
                    json.element(quoted(dice.pick(Words.TAGS)));
                }
                if (dice.chance(100)) {
                    json.element("null");
                }
                json.closeList();
            }
            case 5 -> {
                json.openMember("consent");
                json.raw("sms", String.valueOf(dice.chance(600)));
                json.raw("email", String.valueOf(dice.chance(500)));
                json.text(
                        "given_at",
                        "20" + (19 + dice.below(6)) + "-0" + (1 + dice.below(9)) + "-1" + dice.below(10)
                                + "T08:30:00+02:00");
                json.closeMember();
            }
            case 6 -> json.text("notes", dice.pick(Words.NOTES));
            case 7 -> {
                if (company) {
                    json.text(
                            "registration_number",
                            (1990 + dice.below(35)) + "/" + digits(dice.below(1_000_000), 6) + "/07");
                    json.text("vat_number", "4" + digits(dice.below(1_000_000_000), 9));
                } else {
                    json.text(
                            "home_language",
                            dice.pick(List.of(
                                    "isiZulu", "isiXhosa", "Afrikaans", "Sepedi", "English", "Tshiven\u1E13a")));
                }
            }
            case 8 -> {
                json.raw("credit_limit", dice.below(50_000) + ".00");
                json.raw("balance", dice.pick(List.of("-0.00", "0.10", "-1250.50", "1e3", "2.50E-7", "-0")));
            }
            case 9 -> json.nothing("previous_supplier");
            case 10 -> {
                int levels = 1 + dice.below(7);
                for (int i = 0; i < levels; i++) {
                    json.openMember(i == 0 ? "hierarchy" : "below");
                    json.text("level", "L" + (i + 2));
                }
                for (int i = 0; i < levels; i++) {
                    json.closeMember();
                }
            }
            case 11 -> {
                if (dice.chance(150)) {
                    json.text(
                            dice.pick(
                                    List.of("kli\u00EBnt nommer", "", "\u5BA2\u6237", "a.b/c \"d\"", "\u00E9t\u00E9")),
                            dice.pick(Words.RARE_TEXTS));
                } else {
                    json.text("branch", dice.pick(Words.BRANCHES));
                }
            }
            default -> {
                json.openList("meters");
                for (int i = dice.below(3); i >= 0; i--) {
                    json.element("{\"serial\":" + quoted("M" + digits(dice.below(100_000_000), 8)) + ",\"last\":["
                            + dice.below(90_000) + ".5," + dice.below(90_000) + ".50]}");
                }
                json.closeList();
            }
        }
    }

    /** A field without a value is either null or left out. */
    private static void nothing(Dice dice, Json json, String name, boolean rarelyBlank) {
        if (dice.chance(450)) {
            json.nothing(name);
        } else if (rarelyBlank && dice.chance(20)) {
            json.text(name, "");
        }
    }

    private static String ascii(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFD)
                .replaceAll("[^ -~]", "")
                .toLowerCase(Locale.ROOT);
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static String digits(int number, int width) {
        String text = String.valueOf(number);
        return "0".repeat(Math.max(0, width - text.length())) + text;
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder();
        Json.quote(out, text, false);
        return out.toString();
    }

    /** SplitMix64 (Steele, Lea, Flood 2014): its own few lines, so that no JDK can change the drawn numbers. */
    private static final class Dice {
        private long state;

        Dice(long seed, long number) {
            state = mix(mix(seed) + number * 0x9E3779B97F4A7C15L);
        }

        private static long mix(long value) {
            long z = value + 0x9E3779B97F4A7C15L;
            z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
            z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
            return z ^ (z >>> 31);
        }

        int below(int bound) {
            long drawn = mix(state);
            state += 0x9E3779B97F4A7C15L;
            return (int) Math.floorMod(drawn, (long) bound);
        }

        boolean chance(int perThousand) {
            return below(1000) < perThousand;
        }

        <T> T pick(List<T> values) {
            return values.get(below(values.size()));
        }
    }

    /** The text of one record; it refuses a value longer than its field, which would be a mistake in the word lists. */
    private static final class Json {
        private final StringBuilder out = new StringBuilder(512);
        private final boolean escapeAll;
        private boolean first = true;

        /** With {@code escapeAll} everything beyond ASCII is written as escapes, which JSON readers must treat alike. */
        Json(boolean escapeAll) {
            this.escapeAll = escapeAll;
        }

        void open() {
            out.append('{');
        }

        String close() {
            return out.append('}').toString();
        }

        void text(String name, String value, int codePointsMax) {
            if (value.codePointCount(0, value.length()) > codePointsMax) {
                throw new IllegalStateException(name + " is longer than " + codePointsMax + ": " + value);
            }
            text(name, value);
        }

        void text(String name, String value) {
            name(name);
            quote(out, value, escapeAll);
        }

        void raw(String name, String value) {
            name(name);
            out.append(value);
        }

        void nothing(String name) {
            raw(name, "null");
        }

        void openMember(String name) {
            name(name);
            out.append('{');
            first = true;
        }

        void closeMember() {
            out.append('}');
            first = false;
        }

        void openList(String name) {
            name(name);
            out.append('[');
            first = true;
        }

        void element(String value) {
            separate();
            out.append(value);
        }

        void closeList() {
            out.append(']');
            first = false;
        }

        private void name(String name) {
            separate();
            quote(out, name, escapeAll);
            out.append(':');
        }

        private void separate() {
            if (!first) {
                out.append(',');
            }
            first = false;
        }

        static void quote(StringBuilder out, String text, boolean escapeAll) {
            out.append('"');
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                switch (c) {
                    case '"' -> out.append("\\\"");
                    case '\\' -> out.append("\\\\");
                    case '\n' -> out.append("\\n");
                    case '\t' -> out.append("\\t");
                    default -> {
                        if (c > '~' && escapeAll) {
                            String hex = Integer.toHexString(c);
                            out.append("\\u")
                                    .append("0".repeat(4 - hex.length()))
                                    .append(hex);
                        } else {
                            out.append(c);
                        }
                    }
                }
            }
            out.append('"');
        }
    }

    private record City(String name, int codeFrom, int codeTo) {}

    private record Names(int share, List<String> women, List<String> men, List<String> surnames) {}

    private record Person(String name, String surname, boolean female) {

        static Person draw(Dice dice) {
            int ticket = dice.below(1000);
            Names names = Words.NAMES.get(0);
            for (Names candidate : Words.NAMES) {
                names = candidate;
                ticket -= candidate.share();
                if (ticket < 0) {
                    break;
                }
            }
            boolean female = dice.chance(510);
            List<String> given = female ? names.women() : names.men();
            // Many people go by an English first name besides the one in their home language.
            List<String> second = dice.chance(500) ? (female ? Words.ENGLISH_WOMEN : Words.ENGLISH_MEN) : given;
            String name = dice.pick(given);
            int form = dice.below(100);
            if (form < 12) {
                name = name + " " + dice.pick(second);
            } else if (form < 15) {
                name = name + "-" + dice.pick(given);
            } else if (form < 18) {
                name = name.substring(0, name.offsetByCodePoints(0, 1)) + ".";
            }
            String surname = dice.pick(names.surnames());
            if (female && dice.chance(40) && surname.length() <= 15) {
                String husbands = dice.pick(names.surnames());
                surname = husbands.length() <= 15 ? surname + "-" + husbands : surname;
            }
            if (dice.chance(10)) {
                // Some systems send letters and their accents apart; what was sent must come back.
                surname = Normalizer.normalize(surname, Normalizer.Form.NFD);
            } else if (dice.chance(25)) {
                surname = surname.toUpperCase(Locale.ROOT);
            }
            return new Person(name, surname, female);
        }
    }

    private static final class Words {

        private Words() {}

        static List<String> list(String words) {
            List<String> values = new ArrayList<>();
            for (String word : words.split(",")) {
                values.add(word.strip());
            }
            return List.copyOf(values);
        }

        static final List<String> ENGLISH_WOMEN =
                list("Mary, Elizabeth, Grace, Precious, Beauty, Patience, Charlotte, Emma, Joy, Sarah, "
                        + "Catherine, Gloria, Margaret, Jane, Olivia, Faith, Si\u00E2n, Zo\u00EB, Hope, Mercy");
        static final List<String> ENGLISH_MEN =
                list("John, David, Michael, Peter, Samuel, Innocent, Goodwill, Brian, Wayne, Christopher, "
                        + "Andrew, William, Justice, Gift, Trevor, Craig, Se\u00E1n, Isaac, Joseph, Victor");

        static final List<Names> NAMES = List.of(
                new Names(
                        230,
                        list("Nomvula, Thandeka, Zanele, Nokuthula, Sibongile, Busisiwe, Ntombifuthi, Lindiwe, "
                                + "Hlengiwe, Nonhlanhla, Khanyisile, Ayanda, Slindile, Phumzile, Thobeka, Jabulile, "
                                + "Zinhle, Philisiwe, Gugu, Samkelisiwe"),
                        list("Sipho, Bongani, Mandla, Themba, Nkosinathi, Sibusiso, Thulani, Lungelo, Mthokozisi, "
                                + "Sandile, Jabulani, Musa, Siyabonga, Njabulo, Mxolisi, Vusumuzi, Sifiso, Bhekizizwe, "
                                + "Ntokozo, Langelihle"),
                        list("Dlamini, Nkosi, Ndlovu, Khumalo, Sithole, Mkhize, Zulu, Buthelezi, Ngcobo, Mthembu, "
                                + "Cele, Gumede, Mhlongo, Zungu, Shabalala, Majola, Hlongwane, Nxumalo, Zwane, Mchunu, "
                                + "Ntuli, Xaba")),
                new Names(
                        160,
                        list(
                                "Nosipho, Nomfundo, Unathi, Yolanda, Babalwa, Zoleka, Nomonde, Khanyisa, Asanda, "
                                        + "Siphokazi, Noluthando, Nomalizo, Pumla, Bulelwa, Zukiswa, Akhona, Vuyokazi, Nontsikelelo"),
                        list("Xolani, Gcobani, Luvuyo, Mzwandile, Ayabonga, Loyiso, Vuyisile, Zolani, Andile, "
                                + "Phumlani, Sizwe, Lwazi, Mncedisi, Thembinkosi, Bonga, Qhawe, Odwa, Siyamthanda"),
                        list("Mqhayi, Sobukwe, Mbeki, Ngcuka, Qwabe, Gqamana, Ntshona, Mfeketo, Magadla, Nqakula, "
                                + "Tyali, Xhosana, Jwara, Ngxukumeshe, Makhanda, Sigcau, Dyantyi, Booi, Mdledle, Mpahlwa, "
                                + "Gxowa")),
                new Names(
                        150,
                        list("Lerato, Mpho, Puleng, Dineo, Palesa, Refilwe, Boitum\u00EAlo, Keitumetse, Tebogo, "
                                + "Mmathap\u00EAlo, Kgomot\u0161o, Le\u0161ego, Naledi, Dikeledi, Mosa, 'Mamello, "
                                + "T\u0161hegofat\u0161o, Bontle, Moliehi, Reitumet\u0161e"),
                        list("Thabo, Tshepo, Kagiso, Teboho, Katlego, Lebogang, Kgo\u0161ietsile, Pule, Lehlohonolo, "
                                + "Thuso, Motlatsi, Tumi\u0161ang, Ditiro, Karabo, Ret\u0161elisitsoe, Mothusi, Sello, "
                                + "Tlholog\u00EAlo, Phenyo, Neo"),
                        list("Mokoena, Molefe, Tau, Moloi, Mofokeng, Motaung, Le\u0161oane, Phiri, Modise, Sebogodi, "
                                + "Makgoba, Maponyane, Kgo\u0161ana, Mo\u0161oeu, T\u0161habalala, Ramaphakela, Selebogo, "
                                + "Let\u0161ika, Mogale, Nthite, Sekgob\u00EAla")),
                new Names(
                        60,
                        list("Rudzani, Tshilidzi, Mashudu, Khathutshelo, Azwinndini, Tsakani, Nyeleti, Hlulani, "
                                + "Basani, Ntsako"),
                        list("Ndivhuwo, Mulalo, Thendo, \u1E70habelo, Fhatuwani, Tiyani, Vutomi, Hlayisani, "
                                + "Masingita, Rhulani"),
                        list("Netshitenzhe, Mudau, Ramavhoya, Tshivhase, Nemukula, \u1E12avhana, Baloyi, Chauke, "
                                + "Maluleke, Mabunda, Nkuna, Shivambu, Makhubele, Mathebula")),
                new Names(
                        150,
                        list("Annelie, Elsab\u00E9, Chlo\u00EB, Mari\u00E9, Annek\u00E9, Liesl, Hettie, Sun\u00E9, "
                                + "Mari\u00EBtte, Petronella, Karien, Tersia, Ilz\u00E9, Daleen, Ri\u00EBtte, Susanna, "
                                + "Michelle, Est\u00E9"),
                        list("Pieter, Johannes, Dani\u00EBl, Gerhardus, Jaco, Hendrik, Willem, Ruan, Fran\u00E7ois, "
                                + "Christiaan, Hein\u00E9, Stephanus, Dawid, Andr\u00E9, Micha\u00EBl, Tiaan, Cornelius, "
                                + "J\u00F3han"),
                        list("van der Merwe, Botha, du Plessis, Cronj\u00E9, Naud\u00E9, Le Roux, "
                                + "Jansen van Rensburg, Terre'Blanche, Pretorius, Labuschagne, Steyn, M\u00FCller, "
                                + "van Wyk, Coetzee, Geldenhuys, Viljoen, Joubert, Malherbe, Erasmus, Kruger, "
                                + "Bezuidenhout, Du Toit, Br\u00FCssow, Fouri\u00E9")),
                new Names(
                        90,
                        ENGLISH_WOMEN,
                        ENGLISH_MEN,
                        list("Smith, Williams, Jacobs, Adams, Petersen, Davids, O'Brien, MacDonald, Robertson, "
                                + "Harris, Campbell, Clarke, Fortuin, September, Abrahams, St. John, Fynn, Shepstone, "
                                + "Whitfield, Daniels, Bront\u00EB")),
                new Names(
                        80,
                        list("Priya, Kavitha, Nirmala, Ayesha, Fatima, Yashoda, Saraswathie, Devi, Shireen, Nafisa, "
                                + "Anjali, Zaynab, Thilosha, Roshnie"),
                        list("Ravi, Pravin, Yusuf, Mohamed, Kumaran, Logan, Sanjay, Imraan, Dhanesh, Suliman, Vishal, "
                                + "Rajendran, Ebrahim, Farouk"),
                        list("Naidoo, Govender, Pillay, Moodley, Reddy, Chetty, Maharaj, Patel, Singh, Ismail, Essop, "
                                + "Moosa, Cassim, Padayachee, R\u0101mpersad, Hassim, Vawda, Khan")),
                new Names(
                        45,
                        list("Concei\u00E7\u00E3o, F\u00E1tima, In\u00EAs, Lu\u00EDsa, Ana Sofia, Gra\u00E7a, "
                                + "M\u00F3nica, J\u00FAlia, Lurdes, Teresa"),
                        list("Jo\u00E3o, Jos\u00E9, Ant\u00F3nio, Sebasti\u00E3o, Nuno, Tom\u00E9, Lu\u00EDs, "
                                + "Gon\u00E7alo, Rui, Est\u00EAv\u00E3o"),
                        list("Gon\u00E7alves, Sim\u00F5es, Magalh\u00E3es, da Silva, de Sousa, Ferreira, "
                                + "Concei\u00E7\u00E3o, Ara\u00FAjo, Fernandes, dos Santos, Macu\u00E1cua, Chissano, "
                                + "Nhantumbo")),
                new Names(
                        20,
                        list("Ngozi, Chipo, Rutendo, Amina, Wanjir\u0169, Ad\u00E9\u1ECDl\u00E1, Abeba"),
                        list("Tendai, Farai, Tinashe, Emeka, Kwame, \u1ECCl\u00E1, Abdi"),
                        list("Moyo, Sibanda, Chikwanha, Okonkwo, Ad\u00E9y\u1EB9m\u00ED, Mensah, Tesfaye, Banda, "
                                + "N'Dour")),
                new Names(
                        15,
                        list("\u4F1F\u73B2, \u674E\u5A1C, Mei-Ling, \u041E\u043B\u044C\u0433\u0430, "
                                + "\u0391\u03B8\u03B7\u03BD\u03AC, \u05DE\u05E8\u05D9\u05DD, \u0644\u064A\u0644\u0649"),
                        list(
                                "\u738B\u4F1F, \u9648\u5FD7\u5F3A, Wei, \u0414\u043C\u0438\u0442\u0440\u0438\u0439, "
                                        + "\u0393\u03B9\u03CE\u03C1\u03B3\u03BF\u03C2, \u05D3\u05D5\u05D3, \u0645\u062D\u0645\u062F"),
                        list("\u9648, \u6B27\u9633, Chen, L\u00ED, \u041F\u0435\u0442\u0440\u043E\u0432, "
                                + "\u03A0\u03B1\u03C0\u03B1\u03B4\u03CC\u03C0\u03BF\u03C5\u03BB\u03BF\u03C2, "
                                + "\u05DB\u05D4\u05DF, \u062D\u062F\u0627\u062F, \u01C3Kharuxab, \u01C1Gaeb, "
                                + "\uD842\uDFB7\u7530")));

        static final List<City> CITIES = List.of(
                new City("Johannesburg", 2000, 2199),
                new City("Soweto", 1800, 1868),
                new City("Sandton", 2031, 2199),
                new City("Pretoria", 1, 199),
                new City("Centurion", 46, 187),
                new City("Midrand", 1682, 1687),
                new City("Cape Town", 7405, 8051),
                new City("Kaapstad", 8000, 8005),
                new City("Khayelitsha", 7783, 7784),
                new City("Stellenbosch", 7599, 7613),
                new City("Paarl", 7620, 7646),
                new City("George", 6529, 6530),
                new City("Durban", 4000, 4099),
                new City("eThekwini", 4001, 4068),
                new City("Umlazi", 4031, 4031),
                new City("KwaDukuza", 4449, 4450),
                new City("Pietermaritzburg", 3200, 3212),
                new City("uMgungundlovu", 3201, 3213),
                new City("Gqeberha", 6000, 6070),
                new City("East London", 5200, 5259),
                new City("Mthatha", 5099, 5101),
                new City("Makhanda", 6139, 6140),
                new City("Port St Johns", 5120, 5121),
                new City("Bloemfontein", 9300, 9331),
                new City("Mangaung", 9307, 9323),
                new City("QwaQwa", 9866, 9870),
                new City("Welkom", 9459, 9463),
                new City("Polokwane", 699, 751),
                new City("Bela-Bela", 480, 480),
                new City("Thohoyandou", 950, 950),
                new City("Ga-Rankuwa", 208, 208),
                new City("Mbombela", 1200, 1214),
                new City("eMalahleni", 1034, 1049),
                new City("Rustenburg", 299, 321),
                new City("Mahikeng", 2735, 2792),
                new City("Potchefstroom", 2520, 2531),
                new City("Kimberley", 8300, 8345),
                new City("Upington", 8800, 8806),
                new City("Springbok", 8240, 8241),
                new City("\u01C3Kheis", 8880, 8890),
                new City("M\u00F4reson", 6420, 6421),
                new City("T\u0161hwane", 1, 199),
                new City("Hermanus", 7200, 7201),
                new City("Knysna", 6570, 6573),
                new City("Richards Bay", 3900, 3901),
                new City("Newcastle", 2940, 2951),
                new City("Vereeniging", 1928, 1941),
                new City("Benoni", 1500, 1527));

        static final List<String> STREETS = list("Nelson Mandela Drive, Voortrekker Road, Kerkstraat, Church Street, "
                + "Albertina Sisulu Road, Jan Smuts Avenue, Long Street, Vilakazi Street, Chris Hani Road, "
                + "Steve Biko Road, Oxford Road, Loopstraat, Moshoeshoe Street, "
                + "Chief Albert Luthuli Street, Beyers Naud\u00E9 Drive, O.R. Tambo Drive, "
                + "M\u00F4religstraat, Ho\u00EBrskoolweg, Dr Pixley kaSeme Street, Florida Road, "
                + "Helen Joseph Street, Rivonia Road, New River Road, Solomon Mahlangu Drive, "
                + "Kgo\u0161i Mampuru Street, Marine Drive, Klipriviersberg Weg, Tambotie Crescent, "
                + "Impala Close, Vlei-uitsig");
        static final List<String> DWELLINGS = list("Unit, Flat, Eenheid, No., Room, Cottage, Villa, Shop");
        static final List<String> COMPLEXES =
                list("Superior Complex, Jacaranda Court, The Willows, Protea Park, Kestrel's Nest, "
                        + "M\u00F4rester Woonstelle, Riverside Estate, Hostel B, La Boh\u00E8me, Ubuntu Village, "
                        + "Sunninghill Gate, Caf\u00E9 Arcade, Mont Vert, Thornhill, Die Eike");
        static final List<String> BRANCHES = list("JHB, CPT, DBN, PTA, PLZ, BFN, ELS");
        static final List<String> MOBILE_AREAS =
                list("60, 61, 62, 63, 64, 65, 66, 67, 68, 71, 72, 73, 74, 76, 78, 79, 81, 82, 83, 84");
        static final List<String> LAND_LINE_AREAS = list("10, 11, 12, 13, 15, 21, 31, 33, 41, 43, 44, 51, 53");
        static final List<String> MAIL_DOMAINS =
                list("example.com, example.org, example.net, mail.example.com, webmail.example.org, "
                        + "home.example.net, za.example.com");
        static final List<String> COMPANY_FIRST =
                list("Superior Meteor, Ubuntu, Protea, Highveld, Karoo, Table Mountain, Indwe, Isivuno, "
                        + "Kopanong, Blouberg, Vukani, Drakensberg, Thuthuka, M\u00F4reson, Springbok, Amandla, "
                        + "Kgotso, Zambezi, Baobab, L\u00E9kker, Sizanani, Goudveld, uMoya, T\u0161hipi, A1, 24/7");
        static final List<String> TRADES =
                list("Plumbing, Trading, Logistics, Panel Beaters, Security Services, Construction, Farming, "
                        + "Boerdery, Catering, Motors, Wholesalers, Attorneys, Electrical, Funeral Services, "
                        + "Transport, Spaza, Bakery, Consulting, Property Holdings, Poultry, Tuck Shop, Kafee");
        static final List<String> COMPANY_FORMS = list(
                "(Pty) Ltd, (Pty) Ltd, (Pty) Ltd, (Pty) Ltd, CC, CC, (Edms) Bpk, BK, Inc., Ltd, " + "RF (Pty) Ltd");
        static final List<String> CHINESE_COMPANIES = list(
                "\u91D1\u9F99\u8D38\u6613, \u957F\u57CE Supermarket, " + "\u7EA6\u7FF0\u5185\u65AF\u5821\u5546\u5E97");
        static final List<String> TAGS =
                list("vip, debit-order, moved 2023, pensioner, ouderdom, returned mail, staff, prepaid, "
                        + "\"quoted\", na\u00EFef, \uD83C\uDFC9");
        static final List<String> NOTES = List.of(
                "Prefers to be called after 17:00.",
                "Pays on the 25th; skipped December.",
                "Praat Afrikaans, verkies e-pos. \u00CA, \u00EB, \u00F4 en \u0149.",
                "Gate code is with the guard.\nBeware of the dog \uD83D\uDC15.",
                "Moved from \"Kestrel's Nest\" C:\\old\\files\tsee letter",
                "Great customer \uD83D\uDE00\uD83C\uDDFF\uD83C\uDDE6",
                "Umntwana ngumninimzi ngoku.",
                "O rata go lefa ka khe\u0161e; Kgomot\u0161o o tla tla.",
                "<b>not bold</b> & 100% 'safe'; -- {}[]",
                "Account taken over from the previous system, where it was held twice; both balances were added and the older agreement"
                        + " was kept. Ask for the signed form before any change of the debit day.");
        static final List<String> RARE_TEXTS = List.of(
                "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
                "\u7EA6\u5821",
                "e\u0301 and \u00E9",
                "\u202B\u05E9\u05DC\u05D5\u05DD\u202C",
                "\u0663\u0664\u0665",
                "\uD835\uDD38",
                "a\u00A0b",
                "\uFB00 \u0149 \u0130 \u0131 \u00DF");
    }
}

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "tests/unit/configuration/shipped.hpp"

// Mistakes that people make, each planted alone into the shipped configuration: it must be found at
// its exact place, and nothing else.

namespace fristvakt {
namespace {

using integrations::load_configuration;
using workflows::Severity;

/// Stands in the planted text where the finding must point.
constexpr std::string_view kCaret = "‸";

struct Mistake {
    const char* name;
    const char* path;
    const char*
        from;  ///< What stands there; the first of its kind is replaced. "" is the whole file.
    const char* to;                   ///< What is written instead, with the caret.
    const char* message;              ///< Part of what is said.
    const char* elsewhere = nullptr;  ///< Where it is found when not in `path`, 1:1 unless `mark`.
    const char* mark = nullptr;       ///< The text in that file that the finding points at.
};

void PrintTo(const Mistake& mistake, std::ostream* out) {
    *out << mistake.name;
}

struct Planted {
    integrations::ConfigurationFiles files;
    std::string file;
    int line{1};
    int column{1};
};

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

void point_at(Planted& planted, std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, offset);
    planted.line = static_cast<int>(std::ranges::count(before, '\n')) + 1;
    planted.column = static_cast<int>(characters(before.substr(before.rfind('\n') + 1))) + 1;
}

Planted plant(const Mistake& mistake) {
    Planted planted{.files = tests::shipped_files(), .file = mistake.path};
    std::string& text = planted.files.files[mistake.path];
    const std::string_view from = mistake.from;
    const std::size_t start = from.empty() ? 0 : text.find(from);
    EXPECT_NE(start, std::string::npos) << "the shipped file has changed";
    text.replace(start, from.empty() ? text.size() : from.size(), mistake.to);
    if (const auto caret = text.find(kCaret); caret != std::string::npos) {
        text.erase(caret, kCaret.size());
        point_at(planted, text, caret);
    }
    if (mistake.elsewhere != nullptr) {
        planted.file = mistake.elsewhere;
        if (mistake.mark != nullptr) {
            const std::string& other = planted.files.files[mistake.elsewhere];
            point_at(planted, other, other.find(mistake.mark));
        }
    }
    planted.file = "config/" + planted.file;
    return planted;
}

class Mistakes : public testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, AreFoundAtTheirPlaceAndAlone) {
    const Mistake& mistake = GetParam();
    const Planted planted = plant(mistake);
    const auto loaded = load_configuration(planted.files, tests::default_files());
    std::vector<workflows::Diagnostic> errors;
    std::ranges::copy_if(loaded.diagnostics, std::back_inserter(errors),
                         [](const auto& d) { return d.severity == Severity::Error; });
    EXPECT_EQ(loaded.definitions, nullptr);
    ASSERT_EQ(errors.size(), 1U) << tests::printed(loaded);
    EXPECT_EQ(errors[0].where.file, planted.file) << tests::printed(loaded);
    EXPECT_EQ(errors[0].where.line, planted.line) << tests::printed(loaded);
    EXPECT_EQ(errors[0].where.column, planted.column) << tests::printed(loaded);
    EXPECT_NE(errors[0].message.find(mistake.message), std::string::npos) << tests::printed(loaded);
    EXPECT_FALSE(errors[0].hint.empty());
}

constexpr const char* kMain = "fristvakt.yaml";
constexpr const char* kPlan = "workflows/plan.yaml";
constexpr const char* kReport = "workflows/report.yaml";
constexpr const char* kExtension = "workflows/extension.yaml";
constexpr const char* kStandard = "ladders/standard.yaml";
constexpr const char* kNorway = "calendars/norway.yaml";
constexpr const char* kPulje5 = "programmes/ibs-pulje-5-innlandet.yaml";
constexpr const char* kOrganisations = "organisations.csv";
constexpr const char* kContacts = "contacts.csv";
constexpr const char* kUsers = "users.csv";
constexpr const char* kNotice = "messages/nn/reminder.md";

std::string row_name(const testing::TestParamInfo<Mistake>& test) {
    return test.param.name;
}

INSTANTIATE_TEST_SUITE_P(
    Installation, Mistakes,
    testing::Values(
        Mistake{"unknown_key", kMain, "brake: 20", "‸brakes: 20", "unknown key `brakes`"},
        Mistake{"duplicate_key", kMain, "brake: 20", "brake: 20\n‸brake: 21", "stands twice"},
        Mistake{"duplicate_key_in_braces", kMain, "days: working,", "days: working, ‸days: all,",
                "stands twice"},
        Mistake{"missing_key", kMain, "organisation: sf-innlandet ", "# ",
                "`organisation` is missing", kMain, "name: {nb"},
        Mistake{"key_without_value", kMain, "brake: 20", "‸brake:", "has no value"},
        Mistake{"one_malform", kMain,
                "{nb: Statsforvalteren i Innlandet, nn: Statsforvaltaren i Innlandet}",
                "‸Statsforvalteren i Innlandet", "one målform only"},
        Mistake{"lacks_nynorsk", kMain, ", nn: Statsforvaltaren i Innlandet}", "}",
                "`nn` is missing", kMain, "{nb: Stats"},
        Mistake{"unknown_time_zone", kMain, "Europe/Oslo", "‸Europe/Olso", "Europe/Olso"},
        Mistake{"language_no", kMain, "default_language: nb", "default_language: ‸no",
                "`no` cannot stand here"},
        Mistake{"unknown_calendar", kMain, "calendar: norway", "calendar: ‸norge",
                "no calendar `norge`"},
        Mistake{"unknown_soft_period", kMain, "romjul, fellesferie]", "romjul, ‸felesferie]",
                "no soft period `felesferie`"},
        Mistake{"reversed_window", kMain, "\"08:00-16:00\"", "‸\"16:00-08:00\"",
                "closes before it opens"},
        Mistake{"no_such_hour", kMain, "\"08:00-16:00\"", "‸\"08:00-25:00\"", "no hours"},
        Mistake{"no_such_weekday", kMain, "{days: working", "{days: [mon, ‸man]", "`man`"},
        Mistake{"octal_number", kMain, "brake: 20", "brake: ‸020", "no whole number"},
        Mistake{"budget_of_nothing", kMain, "messages: 2", "messages: ‸0", "no whole number"},
        Mistake{"digest_on_sunday", kMain, "brake: 20",
                "brake: 20\nweekly_digest: {day: ‸sun, at: \"07:30\"}", "`sun` cannot stand here"},
        Mistake{"digest_at_no_time", kMain, "brake: 20",
                "brake: 20\nweekly_digest: {day: mon, at: ‸\"7:30\"}", "is no time of day"},
        Mistake{"digest_without_a_time", kMain, "brake: 20",
                "brake: 20\nweekly_digest: ‸{day: mon}", "`at` is missing"},
        Mistake{"budget_per_day", kMain, "per: week", "per: ‸day", "`day` cannot stand here"},
        Mistake{"unknown_mode", kMain, "sending: spool", "sending: ‸spol", "`spol`"},
        Mistake{"redirect_to_nobody", kMain, "sending: spool", "sending: ‸redirect",
                "lacks `redirect_to`"},
        Mistake{"empty_allowlist", kMain, "sending: spool", "sending: spool\nallowlist: ‸[]",
                "nobody could be written to"},
        Mistake{"live_without_server", kMain, "sending: spool", "sending: ‸live",
                "lacks a mail server"},
        Mistake{"bad_sender", kMain, "fristvakt@sf-innlandet.example,",
                "‸\"fristvakt@sf innlandet\",", "no e-mail address"},
        Mistake{"line_break_in_address", kMain, "fristvakt@sf-innlandet.example,",
                "‸\"a@b.example\\r\\nRCPT TO:<x@y.example>\",", "no e-mail address"},
        Mistake{"literal_password", kMain, "mail: {",
                "mail: {smtp: {url: \"smtp://127.0.0.1:25\", user: u, password: ‸hunter2}, ",
                "in clear text"},
        Mistake{"password_in_url", kMain, "mail: {",
                "mail: {smtp: {url: ‸\"smtp://u:hunter2@127.0.0.1:25\"}, ", "a user or a password"},
        Mistake{"unknown_secret_kind", kMain, "mail: {",
                "mail: {smtp: {url: \"smtp://h:25\", user: u, password: ‸{vault: x}}, ",
                "no reference to a secret"},
        Mistake{"user_without_password", kMain, "mail: {",
                "mail: {smtp: ‸{url: \"smtp://h:25\", user: u}, ", "without `password`"},
        Mistake{"literal_mailbox_password", kMain, "brake: 20",
                "brake: 20\nmailbox: {url: \"imaps://h\", user: u, password: ‸hunter2, address: "
                "svar@sf.example}",
                "a secret"},
        Mistake{"mailbox_without_address", kMain, "brake: 20",
                "brake: 20\nmailbox: ‸{url: \"imaps://h\", user: u, password: {env: X}}",
                "`address` is missing"},
        Mistake{"mailbox_by_pop", kMain, "brake: 20",
                "brake: 20\nmailbox: {url: ‸\"pop3://h\", user: u, password: {env: X}, address: "
                "svar@sf.example}",
                "no address that fits here"},
        Mistake{"mailbox_folder_in_the_address", kMain, "brake: 20",
                "brake: 20\nmailbox: {url: ‸\"imaps://h/INBOX\", user: u, password: {env: X}, "
                "address: svar@sf.example}",
                "more than where the server is"},
        Mistake{"mailbox_key", kMain, "brake: 20",
                "brake: 20\nmailbox: {url: \"imaps://h\", user: u, password: {env: X}, address: "
                "svar@sf.example, ‸folders: INBOX}",
                "`folders`"},
        Mistake{"mailbox_in_the_clear", kMain, "brake: 20",
                "brake: 20\nmailbox: {url: \"imap://h\", starttls: ‸off, user: u, password: {env: "
                "X}, address: svar@sf.example}",
                "in clear text"},
        Mistake{"mailbox_pause", kMain, "brake: 20",
                "brake: 20\nmailbox: {url: \"imaps://h\", user: u, password: {env: X}, address: "
                "svar@sf.example, every: ‸60}",
                "no length of time"},
        Mistake{"mailbox_pause_too_short", kMain, "brake: 20",
                "brake: 20\nmailbox: {url: \"imaps://h\", user: u, password: {env: X}, address: "
                "svar@sf.example, every: ‸5 seconds}",
                "too short"},
        Mistake{"mailbox_pause_too_long", kMain, "brake: 20",
                "brake: 20\nmailbox: {url: \"imaps://h\", user: u, password: {env: X}, address: "
                "svar@sf.example, every: ‸61 minutes}",
                "too long"},
        Mistake{"literal_teams_url", kMain, "brake: 20",
                "brake: 20\nteams: {all: {url: ‸\"https://hook.example/secret\"}}",
                "in clear text"},
        Mistake{"teams_without_url", kMain, "brake: 20", "brake: 20\nteams: {all: ‸{language: nn}}",
                "`url` is missing"},
        Mistake{"teams_in_a_list", kMain, "brake: 20", "brake: 20\nteams: ‸[all]", "no channels"},
        Mistake{"teams_channel_of_two_words", kMain, "brake: 20",
                "brake: 20\nteams: {‸alle her: {url: {env: X}}}", "cannot be the id of a channel"},
        Mistake{"teams_key", kMain, "brake: 20",
                "brake: 20\nteams: {all: {url: {env: X}, ‸event: claimed}}", "`event`"},
        Mistake{"teams_event", kMain, "brake: 20",
                "brake: 20\nteams: {all: {url: {env: X}, events: [‸claimd]}}",
                "there is no event `claimd`"},
        Mistake{"teams_event_twice", kMain, "brake: 20",
                "brake: 20\nteams: {all: {url: {env: X}, events: [claimed, ‸claimed]}}", "twice"},
        Mistake{"teams_programme", kMain, "brake: 20",
                "brake: 20\nteams: {all: {url: {env: X}, programmes: ‸ibss}}",
                "there is no programme `ibss`"},
        Mistake{"teams_digest_word", kMain, "brake: 20",
                "brake: 20\nteams: {all: {url: {env: X}, digest: ‸never}}", "`never` is no digest"},
        Mistake{"teams_digest_day", kMain, "brake: 20",
                "brake: 20\nteams: {all: {url: {env: X}, digest: {day: ‸sat, at: \"08:00\"}}}",
                "`sat` cannot stand here"},
        Mistake{"teams_digest_time", kMain, "brake: 20",
                "brake: 20\nteams: {all: {url: {env: X}, digest: {day: daily, at: ‸\"8\"}}}",
                "is no time of day"},
        Mistake{"teams_canary_each_day", kMain, "brake: 20",
                "brake: 20\nteams: {all: {url: {env: X}, canary: {day: ‸daily, at: \"08:00\"}}}",
                "`daily` cannot stand here"},
        Mistake{
            "graph_literal_secret", kMain, "brake: 20",
            "brake: 20\ngraph: {tenant: sf.example, client_id: "
            "5f0c0de0-0000-4000-8000-000000000001, secret: ‸hunter2, mailbox: moter@sf.example}",
            "in clear text"},
        Mistake{"graph_without_mailbox", kMain, "brake: 20",
                "brake: 20\ngraph: ‸{tenant: sf.example, client_id: "
                "5f0c0de0-0000-4000-8000-000000000001, secret: {env: X}}",
                "`mailbox` is missing"},
        Mistake{"graph_mailbox", kMain, "brake: 20",
                "brake: 20\ngraph: {tenant: sf.example, client_id: "
                "5f0c0de0-0000-4000-8000-000000000001, secret: {env: X}, mailbox: ‸moter}",
                "no e-mail address"},
        Mistake{
            "graph_everybodys_tenant", kMain, "brake: 20",
            "brake: 20\ngraph: {tenant: ‸common, client_id: 5f0c0de0-0000-4000-8000-000000000001, "
            "secret: {env: X}, mailbox: moter@sf.example}",
            "everybody's directory"},
        Mistake{"graph_tenant", kMain, "brake: 20",
                "brake: 20\ngraph: {tenant: ‸sf, client_id: 5f0c0de0-0000-4000-8000-000000000001, "
                "secret: {env: X}, mailbox: moter@sf.example}",
                "`sf` is no directory"},
        Mistake{"graph_client_id", kMain, "brake: 20",
                "brake: 20\ngraph: {tenant: sf.example, client_id: ‸hunter2~verysecret, secret: "
                "{env: X}, mailbox: moter@sf.example}",
                "no id of an application"},
        Mistake{"graph_key", kMain, "brake: 20",
                "brake: 20\ngraph: {tenant: sf.example, client_id: "
                "5f0c0de0-0000-4000-8000-000000000001, secret: {env: X}, mailbox: "
                "moter@sf.example, ‸mailboxes: x}",
                "unknown key `mailboxes`"},
        Mistake{"graph_notifications", kMain, "brake: 20",
                "brake: 20\ngraph: {tenant: sf.example, client_id: "
                "5f0c0de0-0000-4000-8000-000000000001, secret: {env: X}, mailbox: "
                "moter@sf.example, notifications: ‸sometimes}",
                "`sometimes`"},
        Mistake{"graph_login_in_the_open", kMain, "brake: 20",
                "brake: 20\ngraph: {tenant: sf.example, client_id: "
                "5f0c0de0-0000-4000-8000-000000000001, secret: {env: X}, mailbox: "
                "moter@sf.example, login_url: ‸\"http://login.example\"}",
                "go there unprotected"},
        Mistake{"graph_url_in_the_open", kMain, "brake: 20",
                "brake: 20\ngraph: {tenant: sf.example, client_id: "
                "5f0c0de0-0000-4000-8000-000000000001, secret: {env: X}, mailbox: "
                "moter@sf.example, graph_url: ‸\"http://graph.example/v1.0\"}",
                "go there unprotected"},
        Mistake{"graph_url_with_a_password", kMain, "brake: 20",
                "brake: 20\ngraph: {tenant: sf.example, client_id: "
                "5f0c0de0-0000-4000-8000-000000000001, secret: {env: X}, mailbox: "
                "moter@sf.example, graph_url: ‸\"https://u:hunter2@graph.example\"}",
                "a user or a password"},
        Mistake{"graph_url_of_another_kind", kMain, "brake: 20",
                "brake: 20\ngraph: {tenant: sf.example, client_id: "
                "5f0c0de0-0000-4000-8000-000000000001, secret: {env: X}, mailbox: "
                "moter@sf.example, graph_url: ‸\"ftp://graph.example\"}",
                "no address that fits"},
        Mistake{"graph_in_a_word", kMain, "brake: 20", "brake: 20\ngraph: ‸moter@sf.example",
                "keys and values are wanted"},
        Mistake{"not_loopback", kMain, "listen: 127.0.0.1:8080", "listen: ‸0.0.0.0:8080",
                "and nobody signs in"},
        Mistake{"operator_not_loopback", kMain, "operator: 127.0.0.1:8081",
                "operator: ‸0.0.0.0:8081", "nobody signs in there"},
        Mistake{"sign_in_without_users", kMain, "brake: 20", "brake: 20\nsign_in: ‸{}",
                "nobody may administer"},
        Mistake{"no_way_to_sign_in", kMain, "brake: 20", "brake: 20\nsign_in: {mail: ‸maybe}",
                "`maybe`"},
        Mistake{"misspelt_sign_in", kMain, "brake: 20", "brake: 20\n‸signin: {}",
                "unknown key `signin`"},
        Mistake{"openid_without_client", kMain, "brake: 20",
                "brake: 20\nsign_in: {openid: ‸{issuer: \"https://id.example\", title: {nb: a, nn: "
                "a}}}",
                "`client_id` is missing"},
        Mistake{"literal_client_secret", kMain, "brake: 20",
                "brake: 20\nsign_in: {openid: {issuer: \"https://id.example\", client_id: x, "
                "client_secret: ‸hunter2, title: {nb: a, nn: a}}}",
                "in clear text"},
        Mistake{"scopes_without_openid", kMain, "brake: 20",
                "brake: 20\nsign_in: {openid: {issuer: \"https://id.example\", client_id: x, "
                "scopes: ‸[email], title: {nb: a, nn: a}}}",
                "the scope `openid` is missing"},
        Mistake{"proxy_by_name", kMain, "http: {", "http: {trusted_proxy: ‸proxy.example, ",
                "no numeric address"},
        Mistake{"no_port", kMain, "listen: 127.0.0.1:8080", "listen: ‸127.0.0.1",
                "no address to listen on"},
        Mistake{"same_port_twice", kMain, "operator: 127.0.0.1:8081", "operator: ‸127.0.0.1:8080",
                "same address"},
        Mistake{"unknown_operator", kMain, "organisation: sf-innlandet ",
                "organisation: ‸sf-inlandet ", "no organisation `sf-inlandet`"}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Syntax, Mistakes,
    testing::Values(
        Mistake{"tab", kStandard, "  - {id: due-14d", "‸\t- {id: due-14d", "a tab"},
        Mistake{"wrong_bracket", kMain, "avoid: [romjul, fellesferie]}",
                "avoid: [romjul, fellesferie‸}", "closes none"},
        Mistake{"open_bracket", kMain, "reply_to: post@sf-innlandet.example}",
                "reply_to: post@sf-innlandet.example", "never closed", kMain, "{from: fristvakt@"},
        Mistake{"open_quote", kReport, "document_number: text?}", "document_number: ‸\"text?}",
                "never closed"},
        Mistake{"missing_space", kMain, "brake: 20", "‸brake:20", "not readable as YAML"},
        Mistake{"anchor", kMain, "brake: 20", "brake: ‸&b 20", "an anchor"},
        Mistake{"alias", kMain, "brake: 20", "brake: ‸*b", "an alias"},
        Mistake{"tag", kMain, "brake: 20", "brake: ‸!!int 20", "a tag"},
        Mistake{"second_document", kMain, "sending: spool", "‸---\nsending: spool",
                "a second document"},
        Mistake{"not_utf8", kPulje5, "brevet", "brev‸\xE6t", "not UTF-8"},
        Mistake{"control_character", kPulje5, "brevet", "brev‸\x02t", "control character"},
        Mistake{"empty_file", kStandard, "", "", "the file is empty"},
        Mistake{"too_deep", kMain, "brake: 20",
                "brake: [[[[[[[[[[[[[[[‸[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]",
                "levels of nesting"}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Workflows, Mistakes,
    testing::Values(
        Mistake{"misspelt_state", kPlan, "to: claimed,  notice", "to: ‸clamed,  notice",
                "no state `clamed`"},
        Mistake{"no_start", kPlan, "start: awaited", "start: ‸waiting", "no state `waiting`"},
        Mistake{"unreachable_state", kPlan,
                "  exempt:  ", "  ‸lost: {title: {nb: Borte, nn: Borte}, final: true}\n  exempt:  ",
                "nothing leads to `lost`"},
        Mistake{"no_way_out", kPlan, "      accepted:   {by: creditor, to: accepted}\n",
                "      accepted:   {by: creditor, to: accepted}\n"
                "      parked: {by: creditor, to: parked}\n"
                "  ‸parked: {title: {nb: Lagt bort, nn: Lagd bort}, waits_for: creditor, deadline: "
                "none}\n",
                "no final state can be reached from `parked`"},
        Mistake{"no_deadline", kPlan, "    deadline: none\n", "", "`received` has no deadline",
                kPlan, "received:\n"},
        Mistake{"waits_for_nobody", kPlan, "    waits_for: debtor\n", "", "waits for nobody", kPlan,
                "awaited:\n"},
        Mistake{"chases_nobody", kPlan,
                "    waits_for: debtor\n    deadline: due\n    ladder: requirement ",
                "    waits_for: nobody\n    deadline: due\n    ladder: ‸requirement ",
                "`awaited` waits for nobody, and the ladder of a requirement chases"},
        Mistake{"waits_for_a_stranger", kPlan, "    waits_for: debtor\n", "    waits_for: ‸nobdy\n",
                "`nobdy`"},
        Mistake{"raised_by_nobody", kPlan, "undone:    {by: debtor,   to: awaited}",
                "‸undone:    {to: awaited}", "nobody may raise `undone`"},
        Mistake{"raised_by_a_stranger", kPlan, "{by: debtor,   to: claimed,",
                "{by: ‸deptor,   to: claimed,", "`deptor`"},
        Mistake{"unknown_notice", kPlan, "notice: not-found", "notice: ‸notfound",
                "no notice `notfound`"},
        Mistake{"reminder_as_answer", kPlan, "notice: not-found", "notice: ‸overdue",
                "`overdue` is a reminder"},
        Mistake{"opens_nothing", kPlan, "opens: extension", "opens: ‸extention",
                "no workflow `extention`"},
        Mistake{"child_without_date", kPlan, "opens: extension", "opens: ‸delivery",
                "has no such date"},
        Mistake{"pauses_alone", kPlan, "opens: extension, pauses: true", "pauses: ‸true",
                "without `opens`"},
        Mistake{"unknown_field_needed", kPlan, "needs: [reason]", "needs: [‸reson]",
                "no event has a field `reson`"},
        Mistake{"unknown_field_set", kPlan, "sets: {due: event.until}, notice",
                "sets: {duo: ‸event.until}, notice", "no field is called `duo`"},
        Mistake{"unknown_source", kPlan, "sets: {due: event.until}, notice",
                "sets: {due: ‸event.til}, notice", "no event has a field `til`"},
        Mistake{"source_is_no_date", kPlan, "sets: {due: event.until}, notice",
                "sets: {due: ‸event.reason}, notice", "no date"},
        Mistake{"today_as_deadline", kPlan, "sets: {due: event.until}, notice",
                "sets: {due: ‸today}, notice", "is no date of its own"},
        Mistake{"unknown_ladder", kPlan, "ladder: nudge-creditor", "ladder: ‸nudge",
                "no ladder `nudge`"},
        Mistake{"ladder_without_deadline", kPlan, "    deadline: none\n",
                "    deadline: none\n    ladder: ‸standard\n", "a ladder and no deadline"},
        Mistake{"debtor_closes", kPlan, "accepted:   {by: creditor, to: accepted}",
                "accepted:   {by: debtor, to: ‸accepted}", "could close the case"},
        Mistake{"final_with_events", kPlan, "nn: Godkjend}, final: true",
                "nn: Godkjend}, on: ‸{again: {by: creditor, to: awaited}}, final: true",
                "is final and has `on`"},
        Mistake{"own_event_of_all", kPlan, "undone:    {", "‸withdrawn: {",
                "knows `withdrawn` already"},
        Mistake{"anchor_means_nothing", kPlan, "entered + 5 working days",
                "‸start + 5 working days", "`start` means nothing here"},
        Mistake{"misspelt_unit", kPlan, "entered + 5 working days", "entered + 5 ‸wrking days",
                "wrking"},
        Mistake{"told_event_unknown", kExtension, "event: more_time_given",
                "event: ‸more_time_gven", "takes the event `more_time_gven`"},
        Mistake{"told_without_field", kExtension, ", with: {until: event.until}", "",
                "needs the field `until`", kExtension, "more_time_given"},
        Mistake{"told_field_not_required", kExtension, ", needs: [until]", "",
                "leads here without the field `until`", kExtension, "event.until"},
        Mistake{"field_type", kReport, "document_number: text?}", "document_number: ‸string?}",
                "`string`"},
        Mistake{"version_nought", kReport, "version: 1", "version: ‸0", "no whole number"},
        Mistake{"two_of_one_id", kReport, "workflow: report", "workflow: ‸question",
                "version 1 of the workflow `question` stands in"},
        Mistake{"migrates_later", kReport, "version: 1", "version: 1\nmigrates: {‸2: {}}",
                "version 2 is not older"},
        Mistake{"migrates_no_version", kReport, "version: 1", "version: 2\nmigrates: {‸one: {}}",
                "`one` is no version"},
        Mistake{"migrates_to_nothing", kReport, "version: 1",
                "version: 2\nmigrates: {1: {‸awaited: awaitted}}", "`awaitted`"},
        Mistake{"migrates_from_nothing", kReport, "version: 1",
                "version: 2\nmigrates: {1: {‸awaitted: awaited}}", "has no state `awaitted`"},
        Mistake{"ring_of_deadlines", kPlan, "    ladder: requirement ",
                "    after_deadline: {to: ‸claimed}\n    ladder: requirement ", "for ever"}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    LaddersAndCalendars, Mistakes,
    testing::Values(
        Mistake{"same_day_always", kStandard, "at: due - 3 working days", "at: due - 2 weeks",
                "both go to `ressursperson`", kStandard, "due - 2 weeks"},
        Mistake{"same_day_sometimes", kStandard, "at: due - 3 working days,  to",
                "at: ‸due - 10 working days,  to", "both go to `ressursperson`"},
        Mistake{"step_twice", kStandard, "id: due-3wd", "id: ‸due-14d", "stands in line"},
        Mistake{"wrong_anchor", kStandard, "at: due - 14 days", "at: ‸opened + 14 days",
                "hangs on `due`"},
        Mistake{"time_in_expression", kStandard, "at: due - 14 days", "at: ‸due - 14 days 12:00",
                "a step is a day"},
        Mistake{"time_outside_window", kStandard, "notice: reminder}",
                "notice: reminder, time: ‸\"17:00\"}", "shut at that time"},
        Mistake{"no_such_time", kStandard, "notice: reminder}",
                "notice: reminder, time: ‸\"12.00\"}", "no time of day"},
        Mistake{"nobody_named", kStandard, "to: [ressursperson], notice: reminder}",
                "to: ‸[], notice: reminder}", "nobody is named"},
        Mistake{"recipient_and_copy", kStandard, "copy: [skoleeier]", "copy: ‸[ressursperson]",
                "recipient and copy"},
        Mistake{"no_such_notice", kStandard, "notice: overdue}", "notice: ‸overdu}",
                "no notice `overdu`"},
        Mistake{"answer_as_step", kStandard, "notice: overdue}", "notice: ‸receipt}",
                "no reminder"},
        Mistake{"february_30", kNorway, "from: 12-24", "from: ‸02-30", "no day of every year"},
        Mistake{"reversed_weeks", kNorway, "weeks: {from: 28, to: 30}",
                "weeks: {from: ‸30, to: 28}", "comes after"},
        Mistake{"week_60", kNorway, "weeks: {from: 28, to: 30}", "weeks: {from: 28, to: ‸60}",
                "no whole number"},
        Mistake{"overlapping_semesters", kNorway, "spring: {from: 01-01, to: 07-31}\n",
                "spring: {from: 01-01, to: 08-01}\n", "runs into the autumn", kNorway,
                "spring: {from"},
        Mistake{"soft_without_days", kNorway, ", weeks: {from: 28, to: 30}", "",
                "which days these are", kNorway, "{id: fellesferie"}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Programmes, Mistakes,
    testing::Values(
        Mistake{"february_30", kPulje5, "due: 2021-01-25", "due: ‸2021-02-30", "2021-02-30"},
        Mistake{"no_such_month", kPulje5, "opens: 2021-01-04", "opens: ‸2021-13-04", "2021-13-04"},
        Mistake{"reversed_period", kPulje5, "to: 2022-12-31", "to: ‸2019-12-31",
                "before it begins"},
        Mistake{"opens_after_due", kPulje5, "opens: 2021-01-04", "opens: ‸2021-02-04",
                "after its deadline"},
        Mistake{"day_without_year", kPulje5, "due: 2021-01-25", "due: ‸01-25", "without a year"},
        Mistake{"date_for_every_year", kPulje5, "    opens: 2021-01-04\n    due: 2021-01-25",
                "    every: year\n    due: ‸2021-01-25", "does not suit `every: year`"},
        Mistake{"unknown_participant", kPulje5, "  - hamar\n", "  - ‸hammar\n",
                "no organisation `hammar`"},
        Mistake{"participant_twice", kPulje5, "  - hamar\n", "  - hamar\n  - ‸gjovik\n",
                "takes part twice"},
        Mistake{"unknown_creditor", kPulje5, "creditor: sf-innlandet", "creditor: ‸sf-inland",
                "no organisation `sf-inland`"},
        Mistake{"owes_itself", kPulje5, "  - hamar\n", "  - hamar\n  - ‸sf-innlandet\n",
                "owe to itself"},
        Mistake{"unknown_workflow", kPulje5, "workflow: plan", "workflow: ‸plans",
                "no workflow `plans`"},
        Mistake{"unknown_ladder", kPulje5, "ladder: standard", "ladder: ‸standart",
                "no ladder `standart`"},
        Mistake{"unknown_rule", kPulje5, "if_free_day: next_working_day",
                "if_free_day: ‸next_workday", "`next_workday`"},
        Mistake{"unknown_responsible", kPulje5, "responsible: ingrid.haugen@",
                "responsible: ‸inger.haugen@", "no saksbehandler at sf-innlandet"},
        Mistake{"bad_copy", kPulje5, "even.nygard@sf-innlandet.example]",
                "‸even.nygard@@sf-innlandet.example]", "no e-mail address"},
        Mistake{"unknown_key", kPulje5,
                "      case_number:", "      ‸casenumber:", "unknown key `casenumber`"},
        Mistake{"unknown_recurrence", kPulje5, "    opens: 2021-01-04", "    every: ‸yearly",
                "`yearly` cannot stand here"},
        Mistake{"february_29_each_year", kPulje5, "    opens: 2021-01-04\n    due: 2021-01-25",
                "    every: year\n    due: ‸02-29", "no day of every year"},
        Mistake{"one_semester_only", kPulje5, "    opens: 2021-01-04\n    due: 2021-01-25",
                "    every: semester\n    due: ‸{spring: 02-01}", "`autumn` is missing"},
        Mistake{"last_year", kPulje5, "start: 2021-03-23T09:00\n        end: 2021-03-23T12:00",
                "start: ‸2020-03-23T09:00\n        end: 2020-03-23T12:00",
                "2020-03-23 lies in 2020-var, not in 2021-var"},
        Mistake{"hour_that_the_clocks_skip", kPulje5,
                "start: 2021-03-23T09:00\n        end: 2021-03-23T12:00",
                "start: ‸2021-03-28T02:30\n        end: 2021-03-28T12:00",
                "there is no 02:30 on 2021-03-28"},
        Mistake{"end_that_the_clocks_skip", kPulje5,
                "start: 2021-03-23T09:00\n        end: 2021-03-23T12:00",
                "start: 2021-03-27T09:00\n        end: ‸2021-03-28T02:00",
                "there is no 02:00 on 2021-03-28"},
        Mistake{"no_id", kPulje5, "  - id: plan\n    title", "  - ‸title", "`id` is missing"}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Tables, Mistakes,
    testing::Values(
        Mistake{"unknown_column", kContacts, "roles,language", "‸rolles,language",
                "unknown column `rolles`"},
        Mistake{"missing_column", kContacts, "", "organisation,name,roles\n", "`email` is missing"},
        Mistake{"semicolons", kContacts, "", "organisation;name;roles\n", "`email` is missing"},
        Mistake{"bad_address", kContacts, "kari.lunde@gjovik.kommune.example",
                "‸kari.lunde.gjovik.kommune.example", "no e-mail address"},
        Mistake{"unknown_organisation", kContacts, "gjovik,Kari", "‸gjoevik,Kari",
                "no organisation `gjoevik`"},
        Mistake{"february_30", kContacts, "ressursperson,,,,00 00 00 11",
                "ressursperson,,‸2021-02-30,,00 00 00 11", "2021-02-30"},
        Mistake{"reversed_dates", kContacts, "ressursperson,,,,00 00 00 11",
                "ressursperson,,2021-05-01,‸2021-04-30,00 00 00 11", "before it begins"},
        Mistake{"no_role", kContacts, "ressursperson,,,,00 00 00 11", "‸,,,,00 00 00 11",
                "no role"},
        Mistake{"language_no", kContacts, "ressursperson,,,,00 00 00 11",
                "ressursperson,‸no,,,00 00 00 11", "no målform"},
        Mistake{"cell_too_many", kContacts, "00 00 00 11\n", "00 00 00 11,‸x\n", "9 cells"},
        Mistake{"cells_too_few", kContacts, "ressursperson,,,,00 00 00 11", "ressursperson,,‸",
                "6 cells"},
        Mistake{"quote_inside", kContacts, "Kari Lunde", "Kari ‸\"Kaia\" Lunde", "inside a cell"},
        Mistake{"open_quote", kContacts, "solbakken-friskole,Jens Berge",
                "solbakken-friskole,‸\"Jens Berge", "never closed"},
        Mistake{"organisation_twice", kOrganisations, "hamar,Hamar kommune",
                "‸gjovik,Gjøvik,kommune,3407,,nb,\nhamar,Hamar kommune",
                "stands in line 4 already"},
        Mistake{"unknown_parent", kOrganisations, "3407,sf-innlandet", "3407,‸sf-inlandet",
                "no organisation `sf-inlandet`"},
        Mistake{"ring_of_parents", kOrganisations, "udir,,,neutral", "udir,,‸sf-innlandet,neutral",
                "below itself", kOrganisations, "udir,neutral,post@sf-innlandet"},
        Mistake{"language_unsaid", kOrganisations, "3407,sf-innlandet,nb", "3407,sf-innlandet,‸",
                "no målform"},
        Mistake{"id_with_letters_of_ours", kOrganisations, "lom,Lom", "‸løm,Lom",
                "cannot be an id"},
        Mistake{"nobody_reached", kOrganisations, "neutral,post@gausdal.kommune.example",
                "neutral,", "`gausdal` would not be reached", kPulje5, "gausdal\n"}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Users, Mistakes,
    testing::Values(
        Mistake{"unknown_role", kUsers, "", "email,name,role\na@b.example,A,‸administratr\n",
                "there is no role `administratr`"},
        Mistake{"no_role_column", kUsers, "", "‸email,name\na@b.example,A\n", "`role`"},
        Mistake{"unknown_user_column", kUsers, "", "email,name,role,‸regionn\n", "`regionn`"},
        Mistake{"user_without_address", kUsers, "", "email,name,role\n‸Kari,A,reader\n",
                "no e-mail address"},
        Mistake{"unknown_region", kUsers, "",
                "email,name,role,region\na@b.example,A,reader,‸gjovk\n",
                "there is no organisation `gjovk`"},
        Mistake{"unknown_programme", kUsers, "",
                "email,name,role,programme\na@b.example,A,reader,‸ibz\n",
                "there is no programme `ibz`"},
        Mistake{"region_and_programme", kUsers, "",
                "email,name,role,region,programme\na@b.example,A,reader,gjovik,‸ibs\n",
                "a region and a programme"},
        Mistake{"two_names", kUsers, "",
                "email,name,role\na@b.example,A,reader\nA@b.example,‸B,case_officer\n",
                "another name or subject"},
        Mistake{"one_subject_twice", kUsers, "",
                "email,name,role,subject\na@b.example,A,reader,17\nb@b.example,B,reader,‸17\n",
                "with another address"}),
    row_name);

INSTANTIATE_TEST_SUITE_P(
    Notices, Mistakes,
    testing::Values(
        Mistake{"unknown_variable", kNotice, "subject: ", "subject: ‸{{organisasjon}} ",
                "no variable is called `organisasjon`"},
        Mistake{"unknown_kind", kNotice, "kind: reminder", "kind: ‸reminders", "`reminders`"},
        Mistake{"kinds_differ", "messages/nn/receipt.md", "kind: answer", "kind: ‸change",
                "another one in the bokmål twin"},
        Mistake{"no_front_matter", kNotice, "---\n", "", "front matter is missing", kNotice},
        Mistake{"unknown_front_key", kNotice, "preheader:", "‸preheadr:", "unknown key `preheadr`"},
        Mistake{"variable_in_one_twin", kNotice, "subject: ", "subject: ‸{{to_register}} ",
                "the bokmål twin lacks `to_register`"},
        Mistake{"wrong_folder", "messages/en/reminder.md", "", "x", "this is no notice"},
        Mistake{"misspelt_folder", "programme/x.yaml", "", "x: 1", "the folder `programme`"},
        Mistake{"stray_file", "fristvakt2.yaml", "", "x: 1", "no part of a configuration"}),
    row_name);

TEST(MistakesTable, HoldsAtLeastSixty) {
    int rows = 0;
    const auto* unit = testing::UnitTest::GetInstance();
    for (int i = 0; i < unit->total_test_suite_count(); ++i) {
        const auto* suite = unit->GetTestSuite(i);
        if (std::string_view(suite->name()).ends_with("/Mistakes")) {
            rows += suite->total_test_count();
        }
    }
    EXPECT_GE(rows, 60);
}

}  // namespace
}  // namespace fristvakt

#include <chrono>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/source_dir.hpp"
#include "tests/temporary_folder.hpp"
#include "tests/unit/configuration/shipped.hpp"

namespace fristvakt {
namespace {

namespace fs = std::filesystem;
using integrations::ConfigurationFiles;
using integrations::load_configuration;
using integrations::LoadedConfiguration;
using tests::default_files;
using tests::printed;
using tests::shipped_files;
using workflows::Language;
namespace cal = workflows::cal;

constexpr const char* kPulje5 = "programmes/ibs-pulje-5-innlandet.yaml";

workflows::Date day(int year, unsigned month, unsigned of_month) {
    return workflows::Date{
        cal::local_days{cal::year{year} / cal::month{month} / cal::day{of_month}}};
}

/// Replaces the first `from` in a file; the file must hold it.
void edit(ConfigurationFiles& files, const std::string& path, std::string_view from,
          std::string_view to) {
    std::string& text = files.files.at(path);
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << path << " lacks " << from;
    text.replace(at, from.size(), to);
}

/// What is said beyond the one warning of the shipped configuration.
std::string said_more(const LoadedConfiguration& loaded) {
    std::string text;
    for (const auto& diagnostic : loaded.diagnostics) {
        if (diagnostic.message.find("`gausdal`") == std::string::npos) {
            text += to_string(diagnostic) + "\n";
        }
    }
    return text;
}

TEST(ShippedConfiguration, HasNoErrorAndOneWarning) {
    const auto loaded = load_configuration(shipped_files(), default_files());
    ASSERT_NE(loaded.definitions, nullptr) << printed(loaded);
    EXPECT_EQ(printed(loaded),
              "config/programmes/ibs-pulje-5-innlandet.yaml:20:5: warning: nobody is ressursperson "
              "at `gausdal` on 2021-01-11; its postmottak is written to instead; add a contact "
              "with that role\n");
}

TEST(ShippedConfiguration, SaysWhatPulje5IsAbout) {
    const auto loaded = load_configuration(shipped_files(), default_files());
    ASSERT_NE(loaded.definitions, nullptr);
    const auto& definitions = *loaded.definitions;
    EXPECT_EQ(definitions.installation.organisation, "sf-innlandet");
    EXPECT_EQ(definitions.installation.sending, workflows::SendingMode::Spool);
    EXPECT_EQ(definitions.installation.send_window.avoid.size(), 2U);
    EXPECT_EQ(definitions.time_zone().name(), "Europe/Oslo");
    EXPECT_EQ(definitions.workflows.size(), 9U);
    EXPECT_EQ(definitions.ladders.size(), 12U);
    const auto* cohort = definitions.find_cohort("pulje-5");
    ASSERT_NE(cohort, nullptr);
    EXPECT_GE(cohort->participants.size(), 14U);
    ASSERT_EQ(cohort->requirements.size(), 3U) << "a plan and two meetings";
    ASSERT_EQ(cohort->meetings.size(), 2U);
    EXPECT_EQ(cohort->requirements[0].deliver.case_number, "2020/1234");
    EXPECT_NE(cohort->find_participant("hamar"), nullptr);
    EXPECT_EQ(cohort->find_participant("oslo"), nullptr);
    int nynorsk = 0;
    for (const auto& participant : cohort->participants) {
        nynorsk +=
            definitions.find_organisation(participant.organisation)->language == Language::Nn;
    }
    EXPECT_GE(nynorsk, 4);
}

TEST(ShippedConfiguration, KeepsTheFieldsOfAWorkflow) {
    const auto loaded = load_configuration(shipped_files(), default_files());
    ASSERT_NE(loaded.definitions, nullptr);
    const auto* application = loaded.definitions->find_workflow("application");
    ASSERT_NE(application, nullptr);
    ASSERT_EQ(application->fields.size(), 6U);
    EXPECT_TRUE(application->fields[0].optional);
    const auto* extension = loaded.definitions->find_workflow("extension");
    ASSERT_NE(extension, nullptr);
    const auto& tells = extension->find_state("granted")->tells;
    ASSERT_TRUE(tells.has_value());
    EXPECT_EQ(tells->event, "more_time_given");
    ASSERT_EQ(tells->with.size(), 1U);
    EXPECT_EQ(tells->with[0].target, "until");
    EXPECT_EQ(tells->with[0].field, "until");
}

TEST(ShippedConfiguration, ReachesNoRealAddress) {
    for (const auto& folder : {"config", "config-real-time"}) {
        const auto files = integrations::read_folder(tests::source_dir() / folder).value();
        const auto loaded = load_configuration(files, default_files());
        ASSERT_NE(loaded.definitions, nullptr) << printed(loaded);
        for (const auto& contact : loaded.definitions->contacts) {
            EXPECT_TRUE(contact.email.ends_with(".example")) << contact.email;
        }
        for (const auto& [id, organisation] : loaded.definitions->organisations) {
            EXPECT_TRUE(organisation.email.ends_with(".example")) << organisation.email;
        }
    }
}

TEST(ShippedConfiguration, DemoEventsBelongToItsCases) {
    const auto loaded = load_configuration(shipped_files(), default_files());
    ASSERT_NE(loaded.definitions, nullptr);
    const auto& definitions = *loaded.definitions;
    const auto cases = planned_cases(definitions, *definitions.find_cohort("pulje-5"),
                                     day(2021, 1, 1), day(2021, 12, 31));
    const auto* plan = definitions.find_workflow("plan");
    std::ifstream stream(tests::source_dir() / "config" / "demo-events.jsonl");
    int events = 0;
    for (std::string line; std::getline(stream, line); ++events) {
        const auto event = nlohmann::json::parse(line);
        EXPECT_TRUE(std::ranges::any_of(cases, [&](const auto& planned) {
            return planned.id == event.at("case");
        })) << line;
        EXPECT_TRUE(std::ranges::any_of(plan->states, [&](const auto& state) {
            return std::ranges::any_of(state.on, [&](const auto& transition) {
                return transition.event == event.at("event");
            });
        })) << line;
    }
    EXPECT_EQ(events, 5);
}

TEST(RealTimeConfiguration, IsCompleteWithTheDefaults) {
    const auto files = integrations::read_folder(tests::source_dir() / "config-real-time").value();
    const auto loaded = load_configuration(files, default_files());
    ASSERT_NE(loaded.definitions, nullptr) << printed(loaded);
    EXPECT_EQ(said_more(loaded), "");
    const auto& definitions = *loaded.definitions;
    const auto cases = planned_cases(definitions, *definitions.find_cohort("pulje-6"),
                                     day(2026, 11, 21), day(2028, 12, 31));
    const auto periods =
        std::ranges::count_if(cases, [](const auto& planned) { return planned.debtor == "hamar"; });
    EXPECT_EQ(periods, 3);  // the plan, and the reports of 2027 and 2028
}

TEST(Defaults, FillInById) {
    auto files = shipped_files();
    std::erase_if(files.files, [](const auto& file) {
        return file.first.starts_with("workflows/") || file.first.starts_with("ladders/") ||
               file.first.starts_with("calendars/") || file.first.starts_with("messages/");
    });
    const auto loaded = load_configuration(files, default_files());
    ASSERT_NE(loaded.definitions, nullptr) << printed(loaded);
    EXPECT_EQ(said_more(loaded), "");
    EXPECT_EQ(loaded.definitions->workflows.size(), 9U);
}

TEST(Defaults, NeverGiveProgrammesOrPeople) {
    ConfigurationFiles files{
        .name = "mine", .files = {{"fristvakt.yaml", shipped_files().files["fristvakt.yaml"]}}};
    const auto loaded = load_configuration(files, default_files());
    EXPECT_EQ(loaded.definitions, nullptr);
    EXPECT_EQ(printed(loaded),
              "mine/contacts.csv:1:1: error: the file is missing; add it to the folder\n"
              "mine/organisations.csv:1:1: error: the file is missing; add it to the folder\n");
}

TEST(Defaults, GiveWayToAFileOfTheSameIdWhateverItsName) {
    auto files = shipped_files();
    std::string own = files.files.at("workflows/plan.yaml");
    files.files.erase("workflows/plan.yaml");
    own.replace(own.find("version: 1"), 10, "version: 7");
    files.files["workflows/our-own.yaml"] = own;
    const auto loaded = load_configuration(files, default_files());
    ASSERT_NE(loaded.definitions, nullptr) << printed(loaded);
    EXPECT_EQ(loaded.definitions->find_workflow("plan")->version, 7);
    ASSERT_NE(loaded.definitions->find_workflow("plan", 1), nullptr) << "cases may run on it";
    EXPECT_EQ(loaded.definitions->workflows.size(), 10U);
}

TEST(Defaults, DoNotLendOneTwin) {
    auto files = shipped_files();
    files.files.erase("messages/nn/reminder.md");
    const auto loaded = load_configuration(files, default_files());
    EXPECT_EQ(said_more(loaded),
              "config/messages/nb/reminder.md:1:1: error: the notice `reminder` lacks its nynorsk "
              "twin; add messages/nn/reminder.md: nobody is written to in the wrong målform\n");
}

TEST(Defaults, SendNothing) {
    auto files = shipped_files();
    edit(files, "fristvakt.yaml", "sending: spool\n", "");
    const auto loaded = load_configuration(files, default_files());
    ASSERT_NE(loaded.definitions, nullptr) << printed(loaded);
    EXPECT_EQ(loaded.definitions->installation.sending, workflows::SendingMode::Spool);
}

TEST(Hash, FollowsEveryByteOfEveryFileInUse) {
    const auto first = load_configuration(shipped_files(), default_files());
    const auto again = load_configuration(shipped_files(), default_files());
    ASSERT_NE(first.definitions, nullptr);
    EXPECT_EQ(first.definitions->hash.size(), 64U);
    EXPECT_EQ(first.definitions->hash, again.definitions->hash);
    EXPECT_EQ(first.archive, again.archive);
    auto files = shipped_files();
    files.files[kPulje5] += "# a remark\n";
    const auto changed = load_configuration(files, default_files());
    ASSERT_NE(changed.definitions, nullptr);
    EXPECT_NE(changed.definitions->hash, first.definitions->hash);
}

struct Odd {
    const char* name;
    const char* path;
    const char* from;
    const char* to;
    const char* said;  ///< All that is said, without the file.
};
void PrintTo(const Odd& odd, std::ostream* out) {
    *out << odd.name;
}

class OddButValid : public testing::TestWithParam<Odd> {};

TEST_P(OddButValid, IsWarnedOf) {
    auto files = shipped_files();
    edit(files, GetParam().path, GetParam().from, GetParam().to);
    const auto loaded = load_configuration(files, default_files());
    EXPECT_NE(loaded.definitions, nullptr);
    const std::string said = said_more(loaded);
    EXPECT_NE(said.find(GetParam().said), std::string::npos) << said;
    EXPECT_EQ(std::ranges::count(said, '\n'), 1) << said;
}

INSTANTIATE_TEST_SUITE_P(
    Rows, OddButValid,
    testing::Values(
        Odd{"free_day", kPulje5, "due: 2021-01-25", "due: 2021-01-24",
            "31:10: warning: 2021-01-24 is søndag; the deadline moves to mandag 2021-01-25"},
        Odd{"holiday", kPulje5, "due: 2021-01-25", "due: 2021-04-01",
            "warning: 2021-04-01 is skjærtorsdag; the deadline moves to tirsdag 2021-04-06"},
        Odd{"no_case_number", kPulje5, "      case_number: 2020/1234\n", "", "has no case number"},
        Odd{"nowhere_to_send", kPulje5, "      to: post@sf-innlandet.example\n", "",
            "does not say where to send it"},
        Odd{"opens_late", kPulje5, "opens: 2021-01-04", "opens: 2021-01-12",
            "the step `due-14d` lies on 2021-01-11, before `plan` opens on 2021-01-12"},
        Odd{"teams", "fristvakt.yaml", "brake: 20",
            "brake: 20\nteams: {all: {url: {credential: teams-url}, digest: off, events: []}}",
            "15:9: warning: nothing is ever said in this channel"},
        Odd{"graph_that_microsoft_cannot_call", "fristvakt.yaml", "brake: 20",
            "brake: 20\ngraph: {tenant: sf.example, client_id: "
            "5f0c0de0-0000-4000-8000-000000000001, secret: {env: X}, mailbox: moter@sf.example, "
            "notifications: true}",
            "warning: Microsoft cannot call http://127.0.0.1:8080/hooks/graph"},
        Odd{"if_unknown", "ladders/standard.yaml", "notice: reminder}",
            "notice: reminder, if_unknown: hold}", "`if_unknown` is known but not acted on yet"},
        Odd{"overruled_language", "contacts.csv", "ressursperson,,,,00 00 00 11",
            "ressursperson,nn,,,00 00 00 11", "nn is asked for, but gjovik has decided on nb"},
        Odd{"contact_of_nobody", "contacts.csv", "solbakken-friskole,Jens",
            "udir,Ada By,ada.by@udir.example,saksbehandler,,,,\nsolbakken-friskole,Jens",
            "nothing is asked of udir"},
        Odd{"role_that_ends", "contacts.csv", "ressursperson,,,,00 00 00 11",
            "ressursperson,,,2021-01-20,00 00 00 11",
            "nobody is ressursperson at `gjovik` on 2021-01-26"},
        Odd{"distant_year", kPulje5, "due: 2021-01-25", "due: 2031-01-27",
            "outside the cohort's period"},
        Odd{"sign_up_after_the_meeting", kPulje5, "open: {until: start - 7 days}",
            "open: {until: 2021-05-01}",
            "warning: 2021-05-01 lies after the meeting on 2021-04-20"},
        Odd{"sign_up_days_after_the_meeting", kPulje5, "open: {until: start - 7 days}",
            "open: {until: start + 7 days}",
            "warning: 2021-04-27 lies after the meeting on 2021-04-20"},
        Odd{"shared_number", "organisations.csv", "hamar,Hamar kommune,kommune,3403",
            "hamar,Hamar kommune,kommune,3407", "has the number 3407 too"},
        Odd{"password_in_the_clear", "fristvakt.yaml", "mail: {",
            "mail: {smtp: {url: \"smtp://post.example:25\", starttls: off, user: u, password: "
            "{env: SMTP}}, ",
            "goes over the network in clear text"},
        Odd{"other_domain", "fristvakt.yaml", "reply_to: post@sf-innlandet", "reply_to: post@sf",
            "answers go to another domain"},
        Odd{"unused_ladder", "ladders/gentle.yaml", "ladder: gentle", "ladder: very-gentle",
            "no requirement leads to the ladder `very-gentle`"},
        Odd{"shut_between", kPulje5, "    opens: 2021-01-04\n    due: 2021-01-25",
            "    opens: 2021-06-01\n    due: 2021-07-23",
            "both go on 2021-07-09, since the send window is shut between"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(Warnings, TellOfAnAddressWithManyOrganisationsOnce) {
    auto files = shipped_files();
    std::string& contacts = files.files["contacts.csv"];
    for (const char* id : {"gjovik", "hamar", "sel", "lom", "vaga"}) {
        contacts += fmt::format("{},Nils Overalt,Nils@Felles.example,ressursperson,,,,\n", id);
    }
    const auto loaded = load_configuration(files, default_files());
    EXPECT_NE(loaded.definitions, nullptr);
    const std::string said = said_more(loaded);
    EXPECT_EQ(std::ranges::count(said, '\n'), 1) << said;
    EXPECT_NE(said.find("the fourth organisation with the address"), std::string::npos) << said;
}

TEST(Warnings, TellOfAFolderThatAsksNothingOfAnybody) {
    auto files = shipped_files();
    files.files.erase(kPulje5);
    files.files.erase("programmes/kongsbergregionen.yaml");
    const auto loaded = load_configuration(files, default_files());
    EXPECT_NE(loaded.definitions, nullptr);
    EXPECT_NE(printed(loaded).find("nothing is asked of anybody"), std::string::npos)
        << printed(loaded);
}

TEST(Secrets, AreNeverRepeatedInAFinding) {
    for (const char* smtp :
         {"{url: \"smtp://h:25\", user: u, password: hunter2}", "{url: \"smtp://u:hunter2@h:25\"}",
          "{url: \"smtp://h:25\", user: u, password: [hunter2]}",
          "{url: \"smtp://h:25\", user: u, password: {literal: hunter2}}",
          "{url: \"smtp://h:25\", user: u, password: {file: hunter2}}"}) {
        auto files = shipped_files();
        edit(files, "fristvakt.yaml", "mail: {", fmt::format("mail: {{smtp: {}, ", smtp));
        const auto loaded = load_configuration(files, default_files());
        EXPECT_EQ(loaded.definitions, nullptr) << smtp;
        EXPECT_EQ(printed(loaded).find("hunter2"), std::string::npos) << printed(loaded);
    }
}

TEST(Mailbox, IsReadWithItsDefaults) {
    auto files = shipped_files();
    files.files["fristvakt.yaml"] +=
        "mailbox: {url: \"imaps://post.example\", user: svar, password: {credential: box}, "
        "address: svar@sf-innlandet.example}\n";
    auto loaded = load_configuration(files, default_files());
    ASSERT_NE(loaded.definitions, nullptr) << printed(loaded);
    workflows::MailboxSettings expected{
        .url = "imaps://post.example",
        .user = "svar",
        .password = {workflows::SecretReference::Kind::Credential, "box"},
        .ca_file = {},
        .address = "svar@sf-innlandet.example"};
    EXPECT_EQ(loaded.definitions->installation.mailbox, expected);
    EXPECT_EQ(expected.folder, "INBOX");
    EXPECT_EQ(expected.every, std::chrono::minutes{1});

    edit(files, "fristvakt.yaml", "imaps://post.example\"",
         "imap://127.0.0.1:1143\", starttls: off, folder: Møtesvar, every: 5 minutes, ca_file: /a");
    loaded = load_configuration(files, default_files());
    ASSERT_NE(loaded.definitions, nullptr) << printed(loaded);
    expected.url = "imap://127.0.0.1:1143";
    expected.starttls = workflows::MailboxSettings::StartTls::Off;
    expected.folder = "Møtesvar";
    expected.every = std::chrono::minutes{5};
    expected.ca_file = "/a";
    EXPECT_EQ(loaded.definitions->installation.mailbox, expected);
}

TEST(GraphCalendar, IsReadWithWhatMicrosoftHasForAll) {
    const auto read = [](const char* more) {
        auto files = shipped_files();
        edit(files, "fristvakt.yaml", "brake: 20",
             fmt::format("brake: 20\ngraph: {{tenant: sf.example, client_id: "
                         "5F0C0DE0-0000-4000-8000-00000000000a, secret: {{credential: graph}}, "
                         "mailbox: moter@sf.example{}}}",
                         more));
        const auto loaded = load_configuration(files, default_files());
        EXPECT_NE(loaded.definitions, nullptr) << printed(loaded);
        EXPECT_EQ(said_more(loaded), "");
        return loaded.definitions->installation.graph.value();
    };
    const auto graph = read("");
    EXPECT_EQ(graph.tenant, "sf.example");
    EXPECT_EQ(graph.client_id, "5F0C0DE0-0000-4000-8000-00000000000a");
    EXPECT_EQ(graph.secret.kind, workflows::SecretReference::Kind::Credential);
    EXPECT_EQ(graph.mailbox, "moter@sf.example");
    EXPECT_FALSE(graph.notifications);
    EXPECT_EQ(graph.login_url, "https://login.microsoftonline.com");
    EXPECT_EQ(graph.graph_url, "https://graph.microsoft.com/v1.0");
    const auto elsewhere = read(
        ", login_url: \"http://127.0.0.1:8/\", graph_url: https://graph.example/v1.0/, "
        "ca_file: /etc/ca.pem");
    EXPECT_EQ(elsewhere.login_url, "http://127.0.0.1:8");
    EXPECT_EQ(elsewhere.graph_url, "https://graph.example/v1.0");
    EXPECT_EQ(elsewhere.ca_file, "/etc/ca.pem");
}

TEST(Secrets, AreReadAsReferences) {
    auto files = shipped_files();
    edit(files, "fristvakt.yaml", "mail: {",
         "mail: {smtp: {url: \"smtps://h:465\", starttls: off, user: u, password: {env: SMTP}}, ");
    edit(files, "fristvakt.yaml", "sending: spool\n\n",
         "sending: allowlist\nallowlist: [Kommune.Example, Post@Sf.example]\n\n");
    const auto loaded = load_configuration(files, default_files());
    ASSERT_NE(loaded.definitions, nullptr) << printed(loaded);
    const auto& installation = loaded.definitions->installation;
    ASSERT_TRUE(installation.mail.smtp.has_value());
    EXPECT_EQ(installation.mail.smtp->password.kind, workflows::SecretReference::Kind::Environment);
    EXPECT_EQ(installation.mail.smtp->password.name, "SMTP");
    EXPECT_EQ(installation.allowlist,
              (std::vector<std::string>{"kommune.example", "post@sf.example"}));
}

TEST(Files, MayHaveAByteOrderMarkAndWindowsLineEnds) {
    auto files = shipped_files();
    for (auto& [path, text] : files.files) {
        std::string windows = "\xEF\xBB\xBF";
        for (const char c : text) {
            windows += c == '\n' ? "\r\n" : std::string(1, c);
        }
        text = windows;
    }
    const auto loaded = load_configuration(files, default_files());
    ASSERT_NE(loaded.definitions, nullptr) << printed(loaded);
    const auto plain = load_configuration(shipped_files(), default_files());
    EXPECT_EQ(loaded.definitions->find_notice("reminder")->nb.markdown,
              plain.definitions->find_notice("reminder")->nb.markdown);
}

TEST(Columns, CountCharacters) {
    auto files = shipped_files();
    edit(files, "fristvakt.yaml", "nn: Statsforvaltaren i Innlandet}",
         "nn: Statsforvaltaren på Ås, nnn: x}");
    const std::string said = printed(load_configuration(files, default_files()));
    EXPECT_NE(said.find("fristvakt.yaml:4:70: error: unknown key `nnn`"), std::string::npos)
        << said;
}

TEST(Scale, TenThousandOrganisationsAreCheckedFast) {
    auto files = shipped_files();
    constexpr int kOrganisations = 10'000;
    std::string participants;
    for (int i = 0; i < kOrganisations; ++i) {
        files.files["organisations.csv"] +=
            fmt::format("k{0},Kommune {0},kommune,,sf-innlandet,nb,post@k{0}.example\n", i);
        files.files["contacts.csv"] +=
            fmt::format("k{0},Ola Nr {0},ola@k{0}.example,ressursperson skoleeier,,,,\n", i);
        participants += fmt::format("  - k{}\n", i);
    }
    edit(files, kPulje5, "participants:\n", "participants:\n" + participants);
    const auto start = std::chrono::steady_clock::now();
    const auto loaded = load_configuration(files, default_files());
    const auto took = std::chrono::steady_clock::now() - start;
    ASSERT_NE(loaded.definitions, nullptr) << printed(loaded);
    const auto cases = planned_cases(*loaded.definitions, loaded.definitions->cohorts[0],
                                     day(2021, 1, 1), day(2021, 12, 31));
    EXPECT_GT(cases.size(), static_cast<std::size_t>(kOrganisations));
    // Under sanitizers on a busy machine; a release build takes a tenth of a second.
    EXPECT_LT(took, std::chrono::seconds(30));
    RecordProperty(
        "milliseconds",
        static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
}

TEST(Scale, ThousandsOfMistakesAreReportedFast) {
    auto files = shipped_files();
    constexpr int kRows = 10'000;
    for (int i = 0; i < kRows; ++i) {
        files.files["organisations.csv"] +=
            fmt::format("k{0},Kommune {0},kommune,,sf-innlandet,nb,\n", i);
        files.files["contacts.csv"] +=
            fmt::format("x{0},Ola Nr {0},ola@k{0}.example,ressursperson,,,,\n", i);
    }
    const auto loaded = load_configuration(files, default_files());
    EXPECT_EQ(loaded.definitions, nullptr);
    EXPECT_GE(loaded.diagnostics.size(), static_cast<std::size_t>(kRows));
}

class Folder : public testing::Test {
 protected:
    void SetUp() override { fs::create_directories(folder_ / "workflows"); }
    void write(const std::string& path, const std::string& bytes) {
        std::ofstream(folder_ / path, std::ios::binary) << bytes;
    }
    const tests::TemporaryFolder folder_;
};

TEST_F(Folder, GivesTheFilesOfAConfigurationAlone) {
    write("fristvakt.yaml", "a");
    write("workflows/plan.yaml", "b");
    write("demo-events.jsonl", "c");
    write(".hidden.yaml", "d");
    write("contacts.csv", "");
    const auto files = integrations::read_folder(folder_ / "");
    ASSERT_TRUE(files.ok()) << files.error().message;
    EXPECT_EQ(files.value().name, folder_.path().string());
    EXPECT_EQ(files.value().files,
              (std::map<std::string, std::string>{
                  {"contacts.csv", ""}, {"fristvakt.yaml", "a"}, {"workflows/plan.yaml", "b"}}));
}

TEST_F(Folder, SaysWhatToDo) {
    const auto missing = integrations::read_folder(folder_ / "nowhere");
    ASSERT_FALSE(missing.ok());
    EXPECT_EQ(missing.error().kind, workflows::ErrorKind::NotFound);
    fs::create_directories(folder_ / "a" / "b" / "c" / "d");
    const auto deep = integrations::read_folder(folder_.path());
    ASSERT_FALSE(deep.ok());
    EXPECT_NE(deep.error().message.find("too deep"), std::string::npos);
    fs::remove_all(folder_ / "a");
    write("big.csv", std::string((16U << 20U) + 1, 'x'));
    const auto big = integrations::read_folder(folder_.path());
    ASSERT_FALSE(big.ok());
    EXPECT_NE(big.error().message.find("larger than 16 MiB"), std::string::npos);
    fs::remove(folder_ / "big.csv");
    write("workflows/a\nb\x1b[2J.yaml", "c");
    const auto odd = integrations::read_folder(folder_.path());
    ASSERT_FALSE(odd.ok());
    EXPECT_EQ(odd.error().kind, workflows::ErrorKind::InvalidInput);
    EXPECT_EQ(odd.error().message, (folder_ / "workflows").string() +
                                       "/a?b?[2J.yaml has a control character in its name, shown "
                                       "here as a question mark; rename it");
}

}  // namespace
}  // namespace fristvakt

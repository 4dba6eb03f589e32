#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/simulation/simulation.hpp"
#include "integrations/memory/memory_store.hpp"
#include "integrations/texts/notice_renderer.hpp"
#include "integrations/yaml/configuration.hpp"
#include "tests/source_dir.hpp"
#include "tests/worlds/office.hpp"
#include "tests/worlds/stores.hpp"
#include "tests/worlds/world.hpp"

/// The main job on the shipped configuration: the plans of pulje 5, due Monday 25 January 2021.
/// Without the meetings, which are another job.
namespace fristvakt::tests {
namespace {

using workflows::Language;

DefinitionsPtr shipped() {
    static const DefinitionsPtr kDefinitions = [] {
        auto files = integrations::read_folder(source_dir() / "config").value();
        files.files.erase("programmes/kongsbergregionen.yaml");
        std::string& pulje = files.files.at("programmes/ibs-pulje-5-innlandet.yaml");
        pulje.resize(pulje.find("meetings:"));
        return integrations::load_configuration(files, {.name = "none", .files = {}}).definitions;
    }();
    return kDefinitions;
}

struct Message {
    workflows::MessageSnapshot snapshot;
    workflows::RenderedMessage rendered;
};

/// Everything that a simulation said.
class Recorder final : public daemon::SimulationObserver {
 public:
    void message(const workflows::MessageSnapshot& snapshot,
                 const workflows::RenderedMessage& rendered) override {
        messages.push_back({snapshot, rendered});
    }
    void transition(const workflows::LogEntry& entry) override {
        transitions.push_back(clock(entry.at) + ' ' + entry.case_id + ' ' + entry.event + ' ' +
                              entry.from + " -> " + entry.to);
    }
    void settled(const workflows::Reminder& reminder, workflows::Instant when,
                 const std::string& to) override {
        settlements.push_back(clock(when) + ' ' + reminder.case_id + ' ' + reminder.step + ' ' +
                              to + ' ' + std::string{to_string(reminder.account)});
    }
    void refused(const daemon::TimedEvent& event, const workflows::Error& error) override {
        ADD_FAILURE() << event.event.case_id << ' ' << event.event.name << ": " << error.message;
    }

    std::vector<Message> messages;
    std::vector<std::string> transitions;
    std::vector<std::string> settlements;
};

struct Outcome {
    Recorder recorder;
    workflows::Books books;

    /// "2021-01-11 08:00 due-14d +per.engen": what one case's message said, to whom, in order.
    [[nodiscard]] std::vector<std::string> of(const std::string& organisation) const {
        const std::string case_id = "pulje-5/plan/" + organisation;
        std::vector<std::string> lines;
        for (const Message& message : recorder.messages) {
            for (const auto& item : message.snapshot.items) {
                if (item.case_id == case_id) {
                    lines.push_back(line_for(message.snapshot, item));
                }
            }
        }
        return lines;
    }

    [[nodiscard]] std::vector<std::string> lines() const {
        std::vector<std::string> all;
        for (const Message& message : recorder.messages) {
            all.push_back(line_of(message.snapshot) + " | " + message.rendered.subject);
        }
        return all;
    }

 private:
    static std::string line_for(const workflows::MessageSnapshot& snapshot,
                                const workflows::MessageSnapshot::Item& item) {
        std::string line = clock(snapshot.at) + ' ' +
                           snapshot.to.address.substr(0, snapshot.to.address.find('@')) + ' ' +
                           (item.softened ? "~" : "") +
                           (item.step.empty() ? "!" + item.notice : item.step);
        for (const auto& copy : snapshot.copies) {
            line += " +" + copy.address.substr(0, copy.address.find('@'));
        }
        return line;
    }
};

Outcome simulate(const std::string& events, std::vector<workflows::Instant> crashes = {}) {
    Outcome run;
    const auto definitions = shipped();
    integrations::MemoryStore memory;
    WatchingStore store{memory};
    const integrations::NoticeRenderer renderer;
    daemon::RecordingChannel channel;
    const auto timed = daemon::read_timed_events(events, "events", *definitions);
    EXPECT_TRUE(timed.ok()) << timed.error().message;
    daemon::Simulation simulation{.definitions = definitions,
                                  .store = store,
                                  .renderer = renderer,
                                  .channel = channel,
                                  .observer = run.recorder,
                                  .from = at("2021-01-01"),
                                  .until = at("2021-03-06"),
                                  .events = timed.value(),
                                  .crashes = std::move(crashes),
                                  .write_bytes = true};
    const auto ran = simulation.run();
    EXPECT_TRUE(ran.ok()) << (ran.ok() ? "" : ran.error().message);
    for (const std::string& problem : store.problems()) {
        ADD_FAILURE() << problem;
    }
    run.books = memory.ledger().value().books;
    return run;
}

const Outcome& nobody_delivers() {
    static const Outcome kOutcome = simulate("");
    return kOutcome;
}

using Lines = std::vector<std::string>;

TEST(MainJob, NobodyHavingSentEachResourcePersonIsWrittenToInTurn) {
    EXPECT_EQ(nobody_delivers().of("gjovik"),
              (Lines{"2021-01-11 08:00 kari.lunde due-14d", "2021-01-20 08:00 kari.lunde due-3wd",
                     "2021-01-26 08:00 kari.lunde due+1wd +per.engen",
                     "2021-02-02 08:00 kari.lunde due+6wd", "2021-02-02 08:00 per.engen due+6wd",
                     "2021-02-09 08:00 ingrid.haugen due+11wd"}));
}

TEST(MainJob, EveryParticipantIsTreatedAlike) {
    const auto& participants = shipped()->find_cohort("pulje-5")->participants;
    EXPECT_GE(participants.size(), 14U);
    for (const auto& participant : participants) {
        const auto lines = nobody_delivers().of(participant.organisation);
        std::set<std::string> times;
        for (const std::string& line : lines) {
            times.insert(line.substr(0, 16));
        }
        EXPECT_EQ(times,
                  (std::set<std::string>{"2021-01-11 08:00", "2021-01-20 08:00", "2021-01-26 08:00",
                                         "2021-02-02 08:00", "2021-02-09 08:00"}))
            << participant.organisation;
    }
}

TEST(MainJob, WithoutResourcePersonThePostmottakIsReached) {
    EXPECT_EQ(
        nobody_delivers().of("gausdal"),
        (Lines{"2021-01-11 08:00 post due-14d", "2021-01-20 08:00 post due-3wd",
               "2021-01-26 08:00 post due+1wd +liv.sletten", "2021-02-02 08:00 liv.sletten due+6wd",
               "2021-02-02 08:00 post due+6wd", "2021-02-09 08:00 ingrid.haugen due+11wd"}));
    for (const Message& message : nobody_delivers().recorder.messages) {
        if (message.snapshot.to.address.starts_with("post@")) {
            EXPECT_EQ(message.snapshot.to.address, "post@gausdal.kommune.example");
        }
    }
}

TEST(MainJob, TheCaseOfficerGetsOneMessageNamingThemAll) {
    std::vector<const Message*> to_officer;
    for (const Message& message : nobody_delivers().recorder.messages) {
        if (message.snapshot.to.address == "ingrid.haugen@sf-innlandet.example") {
            to_officer.push_back(&message);
        }
    }
    ASSERT_EQ(to_officer.size(), 1U);
    const Message& message = *to_officer.front();
    EXPECT_EQ(clock(message.snapshot.at), "2021-02-09 08:00");
    const auto& participants = shipped()->find_cohort("pulje-5")->participants;
    EXPECT_EQ(message.snapshot.items.size(), participants.size());
    for (const auto& participant : participants) {
        const auto* organisation = shipped()->find_organisation(participant.organisation);
        EXPECT_NE(message.rendered.text.find(organisation->name), std::string::npos)
            << organisation->name;
    }
}

TEST(MainJob, EveryMessageIsInTheLanguageOfItsRecipient) {
    // The kommune's own decision; where it has none, the contact's wish, else the installation's.
    const std::map<std::string, Language> expected{
        {"gjovik", Language::Nb},      {"hamar", Language::Nb},
        {"sel", Language::Nn},         {"skjak", Language::Nn},
        {"lom", Language::Nn},         {"vaga", Language::Nn},
        {"nord-fron", Language::Nn},   {"solbakken-friskole", Language::Nn},
        {"elverum", Language::Nb},     {"gausdal", Language::Nb},
        {"sf-innlandet", Language::Nb}};
    std::set<std::string> seen;
    for (const Message& message : nobody_delivers().recorder.messages) {
        const auto language = expected.find(message.snapshot.organisation);
        if (language == expected.end()) {
            continue;
        }
        seen.insert(language->first);
        // At a neutral organisation only the one who asked for nynorsk gets it.
        const bool own_wish = message.snapshot.to.address.starts_with("ola.rusten") ||
                              message.snapshot.to.address.starts_with("jens.berge");
        EXPECT_EQ(message.snapshot.language, own_wish ? Language::Nb : language->second)
            << message.snapshot.to.address;
    }
    EXPECT_EQ(seen.size(), expected.size());
    for (const Message& message : nobody_delivers().recorder.messages) {
        const bool says_not = message.rendered.text.find(" ikkje ") != std::string::npos;
        const bool sier_ikke = message.rendered.text.find(" ikke ") != std::string::npos;
        EXPECT_FALSE(says_not && sier_ikke) << message.rendered.text;
        if (message.snapshot.language == Language::Nn) {
            EXPECT_TRUE(says_not) << message.rendered.text;
        } else {
            EXPECT_TRUE(sier_ikke) << message.rendered.text;
        }
    }
}

TEST(MainJob, EachMessageCarriesWhatItsReaderNeeds) {
    for (const Message& message : nobody_delivers().recorder.messages) {
        EXPECT_NE(message.rendered.text.find("2020/1234"), std::string::npos)
            << message.rendered.text;
        EXPECT_NE(message.rendered.text.find("25. januar"), std::string::npos)
            << message.rendered.text;
        if (message.snapshot.organisation != "sf-innlandet") {
            EXPECT_NE(message.rendered.text.find("Ingrid Haugen"), std::string::npos)
                << message.rendered.text;
        }
    }
}

TEST(MainJob, ClaimedAndRegisteredGetsReceiptsAndNothingElse) {
    const Outcome run = simulate(
        R"({"at":"2021-01-22T10:00","case":"pulje-5/plan/gjovik","event":"claimed","by":"debtor"}
{"at":"2021-01-26T09:00","case":"pulje-5/plan/gjovik","event":"received","by":"creditor"}
)");
    EXPECT_EQ(run.of("gjovik"),
              (Lines{"2021-01-11 08:00 kari.lunde due-14d", "2021-01-20 08:00 kari.lunde due-3wd",
                     "2021-01-22 10:00 kari.lunde !claim-noted",
                     "2021-01-26 09:00 kari.lunde !receipt"}));
    EXPECT_EQ(run.of("hamar"), nobody_delivers().of("hamar"));
}

TEST(MainJob, AClaimNeverAnsweredGoesOnSoftenedToTheResourcePersonAlone) {
    const Outcome run = simulate(
        R"({"at":"2021-01-22T10:00","case":"pulje-5/plan/gjovik","event":"claimed","by":"debtor"})");
    EXPECT_EQ(
        run.of("gjovik"),
        (Lines{"2021-01-11 08:00 kari.lunde due-14d", "2021-01-20 08:00 kari.lunde due-3wd",
               "2021-01-22 10:00 kari.lunde !claim-noted", "2021-01-27 08:00 ingrid.haugen due-2wd",
               "2021-02-02 08:00 kari.lunde ~due+6wd"}));
    EXPECT_NE(std::find(run.recorder.transitions.begin(), run.recorder.transitions.end(),
                        "2021-01-30 00:00 pulje-5/plan/gjovik deadline_passed claimed -> awaited"),
              run.recorder.transitions.end());
}

TEST(MainJob, MoreTimeIsToldAtOnceAndStartsTheLadderAnew) {
    const Outcome run = simulate(
        R"({"at":"2021-01-21T11:00","case":"pulje-5/plan/gjovik","event":"more_time_given","until":"2021-02-12"})");
    EXPECT_EQ(run.of("gjovik"),
              (Lines{"2021-01-11 08:00 kari.lunde due-14d", "2021-01-20 08:00 kari.lunde due-3wd",
                     "2021-01-21 11:00 kari.lunde !new-deadline",
                     "2021-01-29 08:00 kari.lunde due-14d", "2021-02-09 08:00 kari.lunde due-3wd",
                     "2021-02-15 08:00 kari.lunde due+1wd +per.engen",
                     "2021-02-22 08:00 kari.lunde due+6wd", "2021-02-22 08:00 per.engen due+6wd",
                     "2021-03-01 08:00 ingrid.haugen due+11wd"}));
}

TEST(MainJob, MoreTimeGivenInTheEveningIsToldAtTheNextOpening) {
    const Outcome run = simulate(
        R"({"at":"2021-01-22T19:00","case":"pulje-5/plan/lom","event":"more_time_given","until":"2021-02-12"})");
    const auto lines = run.of("lom");
    ASSERT_GE(lines.size(), 3U);
    EXPECT_EQ(lines[2], "2021-01-25 08:00 sigrid.vole !new-deadline");
}

TEST(MainJob, TheBooksBalance) {
    const auto& books = nobody_delivers().books;
    EXPECT_TRUE(books.balance());
    EXPECT_EQ(books.planned, books.sent);
    const auto participants =
        static_cast<std::int64_t>(shipped()->find_cohort("pulje-5")->participants.size());
    EXPECT_EQ(books.sent, 6 * participants);
}

TEST(MainJob, ARestartEverySimulatedHourChangesNothing) {
    const std::string events =
        R"({"at":"2021-01-14T09:30","case":"pulje-5/plan/lillehammer","event":"received"}
{"at":"2021-01-21T11:00","case":"pulje-5/plan/skjak","event":"more_time_given","until":"2021-02-12"}
{"at":"2021-01-22T10:00","case":"pulje-5/plan/gjovik","event":"claimed","by":"debtor"}
{"at":"2021-01-22T10:00","case":"pulje-5/plan/hamar","event":"claimed","by":"debtor"}
{"at":"2021-01-26T09:00","case":"pulje-5/plan/hamar","event":"received"}
{"at":"2021-01-27T09:00","case":"pulje-5/plan/sel","event":"more_time_asked","by":"debtor"}
{"at":"2021-01-28T12:00","case":"pulje-5/plan/sel/extension-1","event":"granted","until":"2021-02-19"}
)";
    std::vector<workflows::Instant> crashes;
    for (auto hour = at("2021-01-01"); hour < at("2021-03-06"); hour += std::chrono::hours{1}) {
        crashes.push_back(hour);
    }
    const Outcome one = simulate(events);
    const Outcome many = simulate(events, crashes);
    EXPECT_EQ(many.lines(), one.lines());
    EXPECT_EQ(many.books, one.books);
    EXPECT_TRUE(one.books.balance());
    EXPECT_EQ(many.recorder.transitions, one.recorder.transitions);
    EXPECT_EQ(many.recorder.settlements, one.recorder.settlements);
}

}  // namespace
}  // namespace fristvakt::tests

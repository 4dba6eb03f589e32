#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "integrations/memory/memory_store.hpp"
#include "tests/worlds/office.hpp"

/// Another configuration while cases run; starts, clocks and leaders.
namespace fristvakt::tests {
namespace {

using workflows::Actor;
using workflows::ErrorKind;
using Lines = std::vector<std::string>;

World one_kommune() {
    World world;
    world.participants = "[by]";
    return world;
}

World due_on(const std::string& due) {
    World world = one_kommune();
    world.requirements = "  - {id: plan, workflow: plan, opens: 2021-01-04, due: " + due +
                         ", title: {nb: Plan, nn: Plan}}\n";
    return world;
}

TEST(Reload, ANewLadderAppliesAtOnce) {
    Office office{one_kommune().load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    World next = one_kommune();
    next.more["ladders/standard.yaml"] = ladder_file(
        "standard", {"id: due-14d, at: due - 14 days, to: [ressursperson], notice: reminder",
                     "id: due-1wd, at: due - 1 working day, to: [skoleeier], notice: reminder"});
    ASSERT_TRUE(office.reload("2021-01-12T09:00", next.load()).ok());
    office.run("2021-03-01");
    EXPECT_EQ(office.sent(), (Lines{"2021-01-11 08:00 kari due-14d:plan/by",
                                    "2021-01-22 08:00 per due-1wd:plan/by"}));
}

TEST(Reload, AStepThatMovedLaterIsTakenBackAndComesThen) {
    World world = one_kommune();
    world.nag_budget = 1;
    const auto ladder = [](const std::string& second) {
        return ladder_file(
            "standard", {"id: a, at: due - 10 working days, to: [ressursperson], notice: reminder",
                         "id: b, at: " + second + ", to: [ressursperson], notice: reminder"});
    };
    world.more["ladders/standard.yaml"] = ladder("due - 9 working days");
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-01-13");
    ASSERT_EQ(office.books().waiting, 1);  // b, over the budget until Monday the 18th.
    world.more["ladders/standard.yaml"] = ladder("due - 3 working days");
    ASSERT_TRUE(office.reload("2021-01-13T09:00", world.load()).ok());
    office.run("2021-02-01");
    EXPECT_EQ(office.sent(),
              (Lines{"2021-01-11 08:00 kari a:plan/by", "2021-01-20 08:00 kari b:plan/by"}));
    EXPECT_EQ(office.accounts("p/plan/by"),
              (Lines{"v1 a kari: sent, accepted by the transport",
                     "v1 b kari: superseded, step removed from the ladder",
                     "v1 b kari: sent, accepted by the transport"}));
}

World with_second_step(const std::string& second) {
    World world = one_kommune();
    world.nag_budget = 1;
    world.more["ladders/standard.yaml"] = ladder_file(
        "standard", {"id: a, at: due + 1 working day, to: [ressursperson], notice: overdue",
                     "id: b, to: [ressursperson], " + second});
    return world;
}

/// Over the budget, step b waits for the week after while the ladder is edited.
void edit_while_it_waits(Office& office, const std::string& edited) {
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-01-28");
    ASSERT_EQ(office.books().waiting, 1);
    ASSERT_TRUE(office.reload("2021-01-28T09:00", with_second_step(edited).load()).ok());
    office.run("2021-02-10");
}

TEST(Reload, AStepThatIsNowBeforeADeadlineThatHasPassedIsNotSent) {
    Office office{with_second_step("at: due + 2 working days, notice: overdue").load()};
    edit_while_it_waits(office, "at: due - 1 working day, notice: reminder");
    EXPECT_EQ(office.sent(), (Lines{"2021-01-26 08:00 kari a:plan/by"}));
    const Lines accounts = office.accounts("p/plan/by");
    EXPECT_EQ(
        std::count(accounts.begin(), accounts.end(), "v1 b kari: superseded, deadline passed"), 1);
}

TEST(Reload, AStepThatWaitsSaysWhatTheNewLadderSays) {
    Office office{with_second_step("at: due + 2 working days, notice: overdue").load()};
    edit_while_it_waits(office, "at: due + 2 working days, notice: overdue-again");
    ASSERT_EQ(office.sent(),
              (Lines{"2021-01-26 08:00 kari a:plan/by", "2021-02-01 08:00 kari b:plan/by"}));
    EXPECT_EQ(office.handed_over.back().snapshot.items.front().notice, "overdue-again");
}

TEST(Reload, AMessageThatWaitsGoesInTheLanguageThatWasDecidedOnMeanwhile) {
    const std::string second = "at: due + 2 working days, notice: overdue";
    Office office{with_second_step(second).load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-01-28");
    World next = with_second_step(second);
    const auto by = next.organisations.find(",nb,post@by.example");
    next.organisations.replace(by, 3, ",nn");
    ASSERT_TRUE(office.reload("2021-01-28T09:00", next.load()).ok());
    office.run("2021-02-10");
    ASSERT_EQ(office.sent().back(), "2021-02-01 08:00 kari b:plan/by");
    EXPECT_EQ(office.handed_over.front().snapshot.language, workflows::Language::Nb);
    EXPECT_EQ(office.handed_over.back().snapshot.language, workflows::Language::Nn);
}

TEST(Reload, ThatMovesTheDeadlineLeavesAnotherThatCountsMeanwhileAlone) {
    Office office{due_on("2021-01-25").load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    ASSERT_TRUE(office.raise("2021-01-12T10:00", "p/plan/by", "claimed", Actor::Debtor).ok());
    // By Friday the 15th nobody has answered the claim; nobody looks until noon.
    const auto noon = at("2021-01-15T12:00");
    ASSERT_TRUE(office.engine().use(due_on("2021-02-15").load(), "files", noon).ok());
    ASSERT_TRUE(office.step(noon).ok());
    const Lines accounts = office.accounts("p/plan/by");
    EXPECT_EQ(std::count(accounts.begin(), accounts.end(),
                         "claimed.2 due-2wd ida: sent, accepted by the transport"),
              1)
        << testing::PrintToString(accounts);
}

TEST(Reload, AStepThatWasRemovedIsNotSent) {
    World world = one_kommune();
    world.nag_budget = 1;
    world.more["ladders/standard.yaml"] = ladder_file(
        "standard", {"id: a, at: due - 10 working days, to: [ressursperson], notice: reminder",
                     "id: b, at: due - 9 working days, to: [ressursperson], notice: reminder"});
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-01-13");
    world.more["ladders/standard.yaml"] = ladder_file(
        "standard", {"id: a, at: due - 10 working days, to: [ressursperson], notice: reminder"});
    ASSERT_TRUE(office.reload("2021-01-13T09:00", world.load()).ok());
    office.run("2021-02-01");
    EXPECT_EQ(office.sent(), (Lines{"2021-01-11 08:00 kari a:plan/by"}));
}

TEST(Reload, AMovedDeadlineIsToldOnceAndBeginsAVersion) {
    Office office{one_kommune().load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    ASSERT_TRUE(office.reload("2021-01-21T11:00", due_on("2021-02-12").load()).ok());
    ASSERT_TRUE(
        office.reload("2021-01-21T12:00", changed(due_on("2021-02-12").load(), [](auto&) {})).ok());
    office.run("2021-02-10");
    EXPECT_EQ(
        office.sent(),
        (Lines{"2021-01-11 08:00 kari due-14d:plan/by", "2021-01-20 08:00 kari due-3wd:plan/by",
               "2021-01-21 11:00 kari !new-deadline:plan/by",
               "2021-01-29 08:00 kari due-14d:plan/by", "2021-02-09 08:00 kari due-3wd:plan/by"}));
}

TEST(Reload, AGrantedDeadlineStands) {
    Office office{one_kommune().load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    ASSERT_TRUE(office
                    .raise("2021-01-12T10:00", "p/plan/by", "more_time_given", Actor::Creditor,
                           {{"until", "2021-02-12"}})
                    .ok());
    ASSERT_TRUE(office.reload("2021-01-21T11:00", due_on("2021-02-05").load()).ok());
    EXPECT_EQ(workflows::iso_date(office.find_case("p/plan/by").due->date), "2021-02-12");
}

TEST(Reload, WhoNoLongerTakesPartIsWithdrawnAndGoesOnWhenTakenInAgain) {
    Office office{World{}.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    ASSERT_TRUE(
        office.raise("2021-01-12T10:00", "p/plan/by", "more_time_asked", Actor::Debtor).ok());
    World next;
    next.participants = "[dal, vik]";
    ASSERT_TRUE(office.reload("2021-01-12T11:00", next.load()).ok());
    EXPECT_EQ(office.find_case("p/plan/by").state, "withdrawn");
    EXPECT_EQ(office.find_case("p/plan/by/extension-1").state, "withdrawn");
    EXPECT_EQ(office.find_case("p/plan/dal").state, "awaited");
    office.run("2021-01-21");
    (void)office.news();
    const auto by_hand = office.raise("2021-01-21T08:30", "p/plan/by", "reverted", Actor::Creditor);
    ASSERT_FALSE(by_hand.ok()) << "the next reload would take it out again";
    EXPECT_EQ(by_hand.error().code, "not-called-for");
    ASSERT_TRUE(office.reload("2021-01-21T09:00", World{}.load()).ok());
    EXPECT_EQ(office.find_case("p/plan/by").state, "awaited");
    EXPECT_EQ(office.find_case("p/plan/by/extension-1").state, "withdrawn");
    office.run("2021-01-27");
    EXPECT_EQ(office.news().front(), "2021-01-26 08:00 kari due+1wd:plan/by +per")
        << "nothing of what passed meanwhile, and nothing twice";
}

TEST(Reload, WhatAHandWithdrewStaysWithdrawn) {
    Office office{World{}.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    ASSERT_TRUE(office.raise("2021-01-12T10:00", "p/plan/by", "withdrawn", Actor::Creditor).ok());
    World without;
    without.participants = "[dal, vik]";
    ASSERT_TRUE(office.reload("2021-01-12T11:00", without.load()).ok());
    ASSERT_TRUE(office.reload("2021-01-12T12:00", World{}.load()).ok());
    EXPECT_EQ(office.find_case("p/plan/by").state, "withdrawn");
    EXPECT_TRUE(office.raise("2021-01-12T13:00", "p/plan/by", "reverted", Actor::Creditor).ok());
}

TEST(Reload, WhoIsTakenInAgainLearnsOfADeadlineThatMovedMeanwhile) {
    Office office{World{}.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    World without;
    without.participants = "[dal, vik]";
    ASSERT_TRUE(office.reload("2021-01-12T11:00", without.load()).ok());
    (void)office.news();
    World moved;
    moved.requirements =
        "  - {id: plan, workflow: plan, opens: 2021-01-04, due: 2021-02-12, title: {nb: Plan, nn: "
        "Plan}}\n";
    ASSERT_TRUE(office.reload("2021-01-13T11:00", moved.load()).ok());
    EXPECT_EQ(workflows::iso_date(office.find_case("p/plan/by").due->date), "2021-02-12");
    office.step("2021-01-13T12:00");
    const auto told = office.news();
    EXPECT_EQ(std::count_if(told.begin(), told.end(),
                            [](const std::string& line) {
                                return line.find("!new-deadline:plan/by") != std::string::npos;
                            }),
              1);
}

TEST(Reload, AChangedContactGetsWhatWaited) {
    World world = one_kommune();
    world.nag_budget = 1;
    world.more["ladders/standard.yaml"] = ladder_file(
        "standard", {"id: a, at: due - 10 working days, to: [ressursperson], notice: reminder",
                     "id: b, at: due - 9 working days, to: [ressursperson], notice: reminder"});
    Office office{world.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-01-13");
    world.contacts =
        "sf,Ida Berg,ida@sf.example,saksbehandler,,,\n"
        "by,Ny By,ny@by.example,ressursperson,,,\n"
        "by,Per By,per@by.example,skoleeier,,,\n";
    ASSERT_TRUE(office.reload("2021-01-13T09:00", world.load()).ok());
    office.run("2021-02-01");
    EXPECT_EQ(office.sent().back(), "2021-01-18 08:00 ny b:plan/by");
}

TEST(Reload, ANewRequirementOpensNow) {
    Office office{one_kommune().load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    World next = one_kommune();
    next.requirements +=
        "  - {id: rapport, workflow: report, opens: 2021-01-04, due: 2021-01-29, title: {nb: "
        "Rapport, nn: Rapport}}\n";
    ASSERT_TRUE(office.reload("2021-01-18T12:00", next.load()).ok());
    EXPECT_EQ(office.find_case("p/rapport/by").opened_at, at("2021-01-18T12:00"));
    office.run("2021-01-27");
    EXPECT_EQ(office.sent().at(1), "2021-01-20 08:00 kari due-3wd:plan/by");
    EXPECT_EQ(office.sent().at(2), "2021-01-26 08:00 kari due+1wd:plan/by +per");
    EXPECT_EQ(office.sent().at(3), "2021-01-26 08:00 kari due-3wd:rapport/by");
}

DefinitionsPtr with_workflow(const DefinitionsPtr& base, int version,
                             const std::function<void(workflows::Workflow&)>& change) {
    return changed(base, [&](workflows::Definitions& all) {
        for (auto& workflow : all.workflows) {
            if (workflow.id == "plan") {
                workflow.version = version;
                change(workflow);
            }
        }
    });
}

/// One kommune on a first version of the workflow.
DefinitionsPtr first_version() {
    return with_workflow(one_kommune().load(), 1,
                         [](workflows::Workflow& workflow) { workflow.migrates.clear(); });
}

/// The events that the debtor's first state takes, one fewer.
void shorten(workflows::Workflow& workflow) {
    workflow.states.front().on.pop_back();
}

/// `next` with the workflow as it is in `base` beside it.
DefinitionsPtr beside(const DefinitionsPtr& base, const DefinitionsPtr& next) {
    return changed(next, [&](workflows::Definitions& all) {
        all.workflows.push_back(*base->find_workflow("plan"));
    });
}

TEST(Reload, RefusesAWorkflowThatChangedUnderItsVersion) {
    const auto base = first_version();
    Office office{base};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    const auto refused = office.reload("2021-01-12T09:00", with_workflow(base, 1, shorten));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().kind, ErrorKind::Conflict);
    EXPECT_NE(refused.error().message.find("version 2"), std::string::npos);
    EXPECT_EQ(office.engine().definitions()->hash, base->hash);
}

TEST(Reload, ACaseStaysOnItsVersionAndNewOnesBeginWithTheNewest) {
    const auto base = first_version();
    Office office{base};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    const auto second = with_workflow(base, 2, shorten);
    const auto refused = office.reload("2021-01-12T09:00", second);
    ASSERT_FALSE(refused.ok()) << "the version that the case runs on is gone";
    EXPECT_NE(refused.error().message.find("p/plan/by runs on version 1 of plan"),
              std::string::npos);
    EXPECT_NE(refused.error().message.find("migrates: {1: {}}"), std::string::npos);
    ASSERT_TRUE(office.reload("2021-01-12T10:00", beside(base, second)).ok());
    EXPECT_EQ(office.find_case("p/plan/by").workflow_version, 1);
    const std::string taken = base->find_workflow("plan")->states.front().on.back().event;
    EXPECT_EQ(second->find_workflow("plan")->find_state("awaited")->on.size() + 1,
              workflows::context_of(office.find_case("p/plan/by"), *office.engine().definitions())
                  .state->on.size())
        << "version 1 takes " << taken << " still";
}

TEST(Reload, ACaseComesAlongWhereTheNewVersionSaysHow) {
    const auto base = first_version();
    Office office{base};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    ASSERT_TRUE(office.raise("2021-01-12T08:00", "p/plan/by", "claimed", Actor::Debtor).ok());
    const auto without = [](workflows::Workflow& workflow) {
        std::erase_if(workflow.states, [](const auto& state) { return state.id == "claimed"; });
        for (auto& state : workflow.states) {
            std::erase_if(state.on, [](const auto& event) { return event.to == "claimed"; });
        }
        workflow.migrates[1] = {};
    };
    const auto refused = office.reload("2021-01-12T09:00", with_workflow(base, 2, without));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().kind, ErrorKind::Conflict);
    EXPECT_NE(refused.error().message.find("{1: {claimed: awaited}}"), std::string::npos);
    const auto mapped = with_workflow(base, 2, [&](workflows::Workflow& workflow) {
        without(workflow);
        workflow.migrates[1] = {{"claimed", "awaited"}};
    });
    ASSERT_TRUE(office.reload("2021-01-12T11:00", mapped).ok());
    EXPECT_EQ(office.find_case("p/plan/by").workflow_version, 2);
    EXPECT_EQ(office.find_case("p/plan/by").state, "awaited");
    office.run("2021-01-21");
    EXPECT_EQ(office.sent().back(), "2021-01-20 08:00 kari due-3wd:plan/by");
}

TEST(Reload, ACaseTakenInAgainComesAlongToTheNewestVersion) {
    const auto base = first_version();
    Office office{base};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    World without = one_kommune();
    without.participants = "[dal]";
    const auto empty = with_workflow(
        without.load(), 1, [](workflows::Workflow& workflow) { workflow.migrates.clear(); });
    ASSERT_TRUE(office.reload("2021-01-12T09:00", empty).ok());
    ASSERT_EQ(office.find_case("p/plan/by").state, "withdrawn");
    const auto second = with_workflow(base, 2, [](workflows::Workflow& workflow) {
        shorten(workflow);
        workflow.migrates[1] = {};
    });
    ASSERT_TRUE(office.reload("2021-01-13T09:00", second).ok());
    EXPECT_EQ(office.find_case("p/plan/by").state, "awaited");
    EXPECT_EQ(office.find_case("p/plan/by").workflow_version, 2);
}

/// A store that goes away in the middle of a reload, which moves one deadline of three kommuner.
class HalfReload : public testing::Test {
 protected:
    static constexpr int kPlenty = 1'000'000;
    static DefinitionsPtr moved() {
        World world;
        world.requirements =
            "  - {id: plan, workflow: plan, opens: 2021-01-04, due: 2021-02-12, title: {nb: Plan, "
            "nn: Plan}}\n";
        return world.load();
    }
    void start_and_run(std::string_view until) {
        ASSERT_TRUE(office_.start("2021-01-01").ok());
        office_.run(until);
    }
    static std::string due(Office& office, const std::string& kommune) {
        return workflows::iso_date(office.find_case("p/plan/" + kommune).due->date);
    }
    /// The first case has the new deadline, the last one the old; the store works again.
    void reload_by_half(std::string_view when) {
        for (int allowed = 1; due(office_, "by") != "2021-02-12"; ++allowed) {
            ASSERT_LT(allowed, 100);
            commits_left_ = allowed;
            ASSERT_FALSE(office_.reload(when, moved()).ok());
        }
        commits_left_ = kPlenty;
        ASSERT_EQ(due(office_, "vik"), "2021-01-25");
    }
    static void expect_all_moved(Office& office) {
        for (const char* id : {"by", "dal", "vik"}) {
            EXPECT_EQ(due(office, id), "2021-02-12") << id;
        }
    }

    const daemon::Engine::Options one_by_one_{
        .demo_clock = false, .salt = {}, .cases_at_once = 1, .offered_max = 64};
    integrations::MemoryStore memory_;
    int commits_left_{kPlenty};
    FailingStore failing_{memory_, [this] { return commits_left_-- <= 0; }};
    Office office_{World{}.load(), &failing_, one_by_one_};
};

TEST_F(HalfReload, BeginsAgainAfterACrash) {
    start_and_run("2021-01-12");
    int failures = 0;
    for (int allowed = 1; allowed < 100; ++allowed) {
        commits_left_ = allowed;
        const auto used = office_.reload("2021-01-12T09:00", moved());
        if (used.ok()) {
            break;
        }
        ++failures;
        commits_left_ = kPlenty;
        ASSERT_TRUE(office_.crash(at("2021-01-12T09:00")).ok());
    }
    commits_left_ = kPlenty;
    EXPECT_GE(failures, 5);
    expect_all_moved(office_);
}

TEST_F(HalfReload, GoesOnWithTheNextStep) {
    start_and_run("2021-01-12T09:00");
    reload_by_half("2021-01-12T09:00");
    ASSERT_TRUE(office_.step(at("2021-01-12T09:01")).ok());
    expect_all_moved(office_);
    EXPECT_EQ(memory_.ledger().value().definitions_hash, moved()->hash);
}

TEST_F(HalfReload, IsDoneByTheNextStart) {
    start_and_run("2021-01-05T09:00");
    reload_by_half("2021-01-05T09:00");
    Office after{moved(), &failing_, one_by_one_};
    ASSERT_TRUE(after.start("2021-01-05T09:01").ok());
    expect_all_moved(after);
}

TEST(Start, RefusesAnotherKindOfClock) {
    integrations::MemoryStore memory;
    const auto definitions = one_kommune().load();
    for (const bool demo : {true, false}) {
        integrations::MemoryStore store;
        Office first{definitions,
                     &store,
                     {.demo_clock = demo, .salt = {}, .cases_at_once = 500, .offered_max = 64}};
        ASSERT_TRUE(first.start("2021-01-01").ok());
        Office second{definitions,
                      &store,
                      {.demo_clock = !demo, .salt = {}, .cases_at_once = 500, .offered_max = 64}};
        const auto refused = second.start("2021-01-02");
        ASSERT_FALSE(refused.ok());
        EXPECT_EQ(refused.error().kind, ErrorKind::Conflict);
    }
}

TEST(Start, AnotherLeaderStopsTheFirst) {
    integrations::MemoryStore store;
    const auto definitions = one_kommune().load();
    Office first{definitions, &store};
    ASSERT_TRUE(first.start("2021-01-01").ok());
    Office second{definitions, &store};
    ASSERT_TRUE(second.start("2021-01-02").ok());
    const auto stepped = first.step(at("2021-01-11T08:00"));
    ASSERT_FALSE(stepped.ok());
    EXPECT_EQ(stepped.error().kind, ErrorKind::Conflict);
    EXPECT_TRUE(first.handed_over.empty());
}

TEST(Start, AfterDowntimeACaseOpensOnItsDay) {
    Office office{one_kommune().load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-01-02");
    ASSERT_TRUE(office.crash(at("2021-01-07T12:00")).ok());
    office.run("2021-01-08");
    EXPECT_EQ(office.find_case("p/plan/by").opened_at, at("2021-01-04"));
}

TEST(Start, TheClockMayGoBack) {
    Office office{one_kommune().load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-01-21");
    ASSERT_TRUE(office.step(at("2021-01-10")).ok());
    ASSERT_TRUE(office.step(at("2021-01-20T08:00")).ok());
    EXPECT_EQ(office.sent().size(), 2U);
}

TEST(Commands, AnIdempotencyKeyIsAnsweredFromMemory) {
    Office office{one_kommune().load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-01-05");
    daemon::RaiseEvent command;
    command.event.case_id = "p/plan/by";
    command.event.name = "claimed";
    command.event.by = Actor::Debtor;
    command.idempotency_key = "k1";
    command.fingerprint = "f1";
    const auto now = at("2021-01-12T10:00");
    const auto answers = office.engine().raise({command, command}, now);
    ASSERT_TRUE(answers[0].ok());
    EXPECT_FALSE(answers[0].value().repeated);
    ASSERT_TRUE(answers[1].ok());
    EXPECT_TRUE(answers[1].value().repeated);
    EXPECT_EQ(answers[1].value().from, "awaited");
    EXPECT_EQ(answers[1].value().to, "claimed");
    ASSERT_TRUE(office.crash(now).ok());
    const auto again = office.engine().raise({command}, now).front();
    ASSERT_TRUE(again.ok());
    EXPECT_TRUE(again.value().repeated);
    auto other = command;
    other.fingerprint = "f2";
    const auto conflict = office.engine().raise({other}, now).front();
    ASSERT_FALSE(conflict.ok());
    EXPECT_EQ(conflict.error().kind, ErrorKind::Conflict);
    EXPECT_TRUE(conflict.error().message.starts_with("idempotency key"));
    // A week later the key is forgotten, and the case is in another state.
    const auto late = office.engine().raise({command}, now + std::chrono::hours{24 * 7}).front();
    ASSERT_FALSE(late.ok());
    EXPECT_EQ(late.error().kind, ErrorKind::Conflict);
}

TEST(Commands, ARefusedOneLeavesTheOthersAlone) {
    Office office{World{}.load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-01-05");
    std::vector<daemon::RaiseEvent> commands(4);
    for (auto& command : commands) {
        command.event.name = "received";
    }
    commands[0].event.case_id = "p/plan/by";
    commands[1].event.case_id = "p/plan/nowhere";
    commands[2].event.case_id = "p/plan/by";
    commands[3].event.case_id = "p/plan/dal";
    const auto answers = office.engine().raise(commands, at("2021-01-12T10:00"));
    EXPECT_TRUE(answers[0].ok());
    EXPECT_EQ(answers[1].error().kind, ErrorKind::NotFound);
    EXPECT_EQ(answers[2].error().kind, ErrorKind::Conflict);
    EXPECT_TRUE(answers[3].ok());
    EXPECT_EQ(office.find_case("p/plan/by").state, "received");
    EXPECT_EQ(office.find_case("p/plan/dal").state, "received");
}

TEST(Commands, OnlyPeopleRaiseEventsFromOutside) {
    Office office{one_kommune().load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    for (const Actor by : {Actor::Clock, Actor::Configuration, Actor::Child, Actor::Parent}) {
        const auto raised = office.raise("2021-01-12T10:00", "p/plan/by", "received", by);
        ASSERT_FALSE(raised.ok());
        EXPECT_EQ(raised.error().kind, ErrorKind::InvalidInput);
    }
}

TEST(Commands, AnEventAtTheInstantACaseOpensFindsIt) {
    Office office{one_kommune().load()};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    EXPECT_TRUE(office.raise("2021-01-04T00:00", "p/plan/by", "received", Actor::Creditor).ok());
}

/// Goes away as soon as cases have been opened.
class StopsAfterAnOpening final : public StoreWrapper {
 public:
    using StoreWrapper::StoreWrapper;
    workflows::Result<workflows::CommitOutcome> commit(const workflows::Batch& batch) override {
        if (stopped) {
            return workflows::Error{ErrorKind::Unavailable, "the store is away"};
        }
        stopped = std::any_of(batch.entries.begin(), batch.entries.end(),
                              [](const auto& entry) { return entry.event == "opened"; });
        return StoreWrapper::commit(batch);
    }
    bool stopped{false};
};

TEST(Restart, BetweenTwoRequirementsThatOpenOnOneDayLosesNeither) {
    World world = one_kommune();
    world.requirements +=
        "  - {id: rapport, workflow: report, opens: 2021-01-04, due: 2021-02-01, "
        "title: {nb: Rapport, nn: Rapport}}\n";
    integrations::MemoryStore memory;
    StopsAfterAnOpening store{memory};
    Office office{world.load(), &store};
    ASSERT_TRUE(office.start("2021-01-01").ok());
    office.run("2021-01-02");
    ASSERT_FALSE(office.engine().step(at("2021-01-04")).ok());
    store.stopped = false;
    ASSERT_TRUE(office.crash(at("2021-01-04T00:01")).ok());
    for (int left = 2; left > 0; --left) {
        (void)office.engine().step(at("2021-01-04T00:01"));
        store.stopped = false;
    }
    EXPECT_EQ(office.find_case("p/plan/by").state, "awaited");
    EXPECT_EQ(office.find_case("p/rapport/by").state, "awaited");
}

}  // namespace
}  // namespace fristvakt::tests

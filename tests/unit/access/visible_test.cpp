#include "daemon/access/visible.hpp"

#include <set>

#include <gtest/gtest.h>

#include "daemon/access/rights.hpp"
#include "tests/browser/town.hpp"

namespace fristvakt::tests {
namespace {

using namespace daemon;
using workflows::ErrorKind;
using workflows::Role;
using workflows::Scope;

Visitor with(Role role, Scope scope) {
    return {.kind = Visitor::Kind::Person,
            .address = "kari@sf.example",
            .name = "Kari",
            .permissions = {{rights_of(role), std::move(scope)}}};
}
Visitor of_gjovik(Role role) {
    return with(role, {Scope::Kind::Region, "gjovik"});
}

class Visible : public ::testing::Test {
 protected:
    Town town_;
    VisibleDefinitions remembered_;
    VisitorEngine as(const Visitor& visitor) { return {town_, remembered_, visitor}; }

    static RaiseEvent received(const std::string& id) {
        RaiseEvent command;
        command.event.case_id = id;
        command.event.name = "received";
        command.event.who = "somebody else";
        return command;
    }
};

TEST_F(Visible, CasesOfOnesRegionAloneAreSeenHoweverOneAsks) {
    VisitorEngine engine = as(of_gjovik(Role::Reader));
    const auto seen = engine.snapshot();
    const auto cases = seen->cases({});
    ASSERT_TRUE(cases.ok());
    ASSERT_FALSE(cases.value().empty());
    for (const auto& item : cases.value()) {
        EXPECT_EQ(item.debtor, "gjovik");
    }
    workflows::CaseFilter one;
    one.count_max = 1;
    EXPECT_EQ(seen->cases(one).value().size(), 1U);
    EXPECT_TRUE(seen->find_case("pulje-5/plan/gjovik").value().has_value());
    EXPECT_FALSE(seen->find_case("pulje-5/plan/hamar").value().has_value());
    EXPECT_TRUE(seen->reminders_of("pulje-5/plan/hamar").value().empty());
    EXPECT_TRUE(seen->history_of("pulje-5/plan/hamar", 100).value().empty());
    EXPECT_FALSE(seen->history_of("pulje-5/plan/gjovik", 100).value().empty());
    for (const auto& count : seen->counts().value()) {
        EXPECT_LE(count.cases, 2);
    }
    const auto next = seen->next_cases(workflows::Instant::max(), 500);
    for (const auto& item : next.value()) {
        EXPECT_EQ(item.debtor, "gjovik");
    }
    workflows::DueFilter due;
    due.states = {"awaited", "claimed", "received"};
    for (const auto& item : seen->due_cases(due).value()) {
        EXPECT_EQ(item.debtor, "gjovik");
    }
    EXPECT_EQ(seen->count_due(due).value(),
              static_cast<std::int64_t>(seen->due_cases(due).value().size()));
    for (const auto& [id, sent] : seen->sent_counts("pulje-5").value()) {
        EXPECT_TRUE(id.ends_with("/gjovik")) << id;
    }
    const auto log = seen->log({});
    ASSERT_TRUE(log.ok());
    ASSERT_FALSE(log.value().entries.empty());
    for (const auto& entry : log.value().entries) {
        EXPECT_TRUE(entry.entry.case_id.find("/gjovik") != std::string::npos);
    }
}

TEST_F(Visible, MessagesThatSpeakOfAnotherCaseAreNot) {
    workflows::MessageFilter filter;
    filter.count_max = 500;
    const auto all = town_.snapshot()->messages(filter).value();
    VisitorEngine engine = as(of_gjovik(Role::Reader));
    const auto seen = engine.snapshot()->messages(filter).value();
    ASSERT_FALSE(seen.empty());
    EXPECT_LT(seen.size(), all.size());
    std::set<std::int64_t> numbers;
    for (const auto& stored : seen) {
        numbers.insert(stored.message.number);
        for (const auto& reminder : stored.reminders) {
            EXPECT_TRUE(reminder.case_id.find("/gjovik") != std::string::npos);
        }
    }
    for (const auto& stored : all) {
        const auto number = stored.message.number;
        EXPECT_EQ(engine.snapshot()->message(number).value().has_value(), numbers.contains(number));
    }
}

TEST_F(Visible, ConfigurationHoldsOnesOwnAndThoseAboveOnly) {
    VisitorEngine engine = as(of_gjovik(Role::Reader));
    const auto seen = engine.definitions();
    EXPECT_NE(seen->find_organisation("gjovik"), nullptr);
    EXPECT_NE(seen->find_organisation("sf-innlandet"), nullptr);
    EXPECT_EQ(seen->find_organisation("hamar"), nullptr);
    EXPECT_TRUE(seen->contacts_of("hamar").empty());
    EXPECT_FALSE(seen->contacts_of("gjovik").empty());
    EXPECT_TRUE(seen->users.empty());
    const auto* cohort = seen->find_cohort("pulje-5");
    ASSERT_NE(cohort, nullptr);
    ASSERT_EQ(cohort->participants.size(), 1U);
    EXPECT_EQ(cohort->participants.front().organisation, "gjovik");
    EXPECT_EQ(engine.definitions(), seen) << "made once";
    EXPECT_EQ(as(with(Role::Reader, {})).definitions(), town_.definitions());
}

TEST_F(Visible, OfThoseWhoOweOnesOwnAndOfGroupsNoOthersPeople) {
    auto files = files_with_plan();
    std::string& programme = files.at("programmes/ibs-pulje-5-innlandet.yaml");
    programme +=
        "  utvalg:\n"
        "    title: {nb: Utvalg, nn: Utval}\n"
        "    people: [kari.lunde@gjovik.kommune.example, ingrid.haugen@sf-innlandet.example]\n";
    Town town{Town::Options{.files = files}};
    const auto whole = town.definitions();
    ASSERT_EQ(whole->find_cohort("pulje-5")->find_requirement("evaluering")->debtors.size(), 15U);
    const auto of = [&](const std::string& region) {
        return visible_to(with(Role::Reader, {Scope::Kind::Region, region}), whole);
    };
    const auto gjovik = of("gjovik");
    const auto* const own = gjovik->find_cohort("pulje-5")->find_requirement("evaluering");
    ASSERT_NE(own, nullptr);
    EXPECT_EQ(own->debtors, (std::vector<std::string>{"gjovik"}));
    const auto gausdal = of("gausdal");
    EXPECT_EQ(gausdal->find_cohort("pulje-5")->find_requirement("evaluering"), nullptr)
        << "not owed there, and not by everybody either";
    EXPECT_EQ(gausdal->find_cohort("pulje-5")->find_group("utvalg")->people,
              (std::vector<std::string>{"ingrid.haugen@sf-innlandet.example"}));
}

TEST_F(Visible, StrangerSeesNothing) {
    VisitorEngine engine = as({});
    EXPECT_TRUE(engine.snapshot()->cases({}).value().empty());
    EXPECT_TRUE(engine.snapshot()->messages({}).value().empty());
    EXPECT_TRUE(engine.definitions()->cohorts.empty());
}

TEST_F(Visible, CommandsAreRefusedToWhoeverMayNot) {
    const auto head = town_.snapshot()->head().value().sequence;
    EXPECT_EQ(as(of_gjovik(Role::Reader)).raise(received("pulje-5/plan/gjovik")).error().kind,
              ErrorKind::Forbidden);
    VisitorEngine officer = as(of_gjovik(Role::CaseOfficer));
    EXPECT_EQ(officer.raise(received("pulje-5/plan/hamar")).error().kind, ErrorKind::NotFound);
    EXPECT_EQ(officer.raise(received("pulje-5/plan/nowhere")).error().kind, ErrorKind::NotFound);
    EXPECT_EQ(officer.hold("x", "").error().kind, ErrorKind::Forbidden);
    EXPECT_EQ(officer.release(std::nullopt, "").error().kind, ErrorKind::Forbidden);
    for (const auto& stored : town_.snapshot()->messages({}).value()) {
        const auto seen = officer.snapshot()->message(stored.message.number).value();
        if (!seen) {
            EXPECT_EQ(officer.retry(stored.message.number, "").error().kind, ErrorKind::NotFound);
            EXPECT_EQ(officer.release(stored.message.number, "").error().kind, ErrorKind::NotFound);
        }
    }
    EXPECT_EQ(town_.snapshot()->head().value().sequence, head);
}

TEST_F(Visible, WhatIsDoneStandsUnderTheVisitorsName) {
    ASSERT_TRUE(as(of_gjovik(Role::CaseOfficer)).hold("x", "y").ok() == false);
    RaiseEvent note = received("pulje-5/plan/gjovik");
    note.event.name = "noted";
    const auto done = as(with(Role::CaseOfficer, {})).raise(note);
    ASSERT_TRUE(done.ok()) << done.error().message;
    const auto history = town_.snapshot()->history_of("pulje-5/plan/gjovik", 1000).value();
    EXPECT_EQ(history.back().entry.aside.at("who"), "Kari <kari@sf.example>");
}

}  // namespace
}  // namespace fristvakt::tests

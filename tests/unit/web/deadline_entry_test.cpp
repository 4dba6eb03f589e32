#include "daemon/web/deadline_entry.hpp"

#include <gtest/gtest.h>

#include "tests/unit/web/pages_of.hpp"

namespace fristvakt::tests {
namespace {

using namespace daemon;
using integrations::calendar::WholeDays;
using workflows::Language;

class DeadlineEntryTest : public ::testing::Test {
 protected:
    void SetUp() override {
        definitions_ = town_.definitions();
        item_ = town_.snapshot()->find_case("pulje-5/plan/tynset").value().value();
    }
    [[nodiscard]] integrations::calendar::Entry entry(Language language = Language::Nb) const {
        return deadline_entry(item_, *definitions_, language).value();
    }

    Town town_;
    std::shared_ptr<const workflows::Definitions> definitions_;
    workflows::Case item_;
};

TEST_F(DeadlineEntryTest, IsTheWholeDay) {
    const auto day = *workflows::parse_iso_date("2021-01-25");
    EXPECT_EQ(std::get<WholeDays>(entry().when), (WholeDays{day, day}));
    EXPECT_EQ(entry().uid, "fristvakt/sf-innlandet/pulje-5/plan/tynset");
    EXPECT_FALSE(entry().is_busy);
    EXPECT_FALSE(entry().is_cancelled);
}

TEST_F(DeadlineEntryTest, SaysTheHourWhereThereIsOne) {
    item_.due->ends_at = definitions_->time_zone().start_of_day(item_.due->date);
    item_.due->ends_at += std::chrono::hours{12};
    EXPECT_EQ(entry().summary.substr(0, 17), "Frist kl. 12.00: ");
}

TEST_F(DeadlineEntryTest, SpeaksBothTongues) {
    EXPECT_EQ(entry().summary, "Frist: Kommunens plan – Tynset kommune");
    EXPECT_EQ(entry(Language::Nn).summary, "Frist: Planen til kommunen – Tynset kommune");
    EXPECT_EQ(entry(Language::Nn).description, "Ikkje levert");
}

TEST_F(DeadlineEntryTest, ChangesOnlyWithItsCase) {
    const auto before = entry();
    ++item_.revision;
    item_.entered_at += std::chrono::hours{1};
    EXPECT_EQ(entry().sequence, before.sequence + 1);
    EXPECT_EQ(entry().stamped_at, item_.entered_at);
    item_.due_versions.push_back(item_.due->ends_at + std::chrono::hours{24});
    item_.due_version_began_at = item_.entered_at + std::chrono::hours{1};
    EXPECT_EQ(entry().sequence, before.sequence + 2);
    EXPECT_EQ(entry().stamped_at, item_.due_version_began_at);
    EXPECT_EQ(entry().uid, before.uid);
}

TEST_F(DeadlineEntryTest, StaysWhenItIsOver) {
    item_.final = true;
    item_.state = "accepted";
    EXPECT_EQ(entry().summary, "Godkjent: Kommunens plan – Tynset kommune");
    EXPECT_FALSE(entry().is_cancelled);
    item_.state = "exempt";
    EXPECT_TRUE(entry().is_cancelled);
    item_.state = "withdrawn";
    EXPECT_TRUE(entry().is_cancelled);
}

TEST_F(DeadlineEntryTest, WithoutADeadlineThereIsNone) {
    item_.due.reset();
    EXPECT_FALSE(deadline_entry(item_, *definitions_, Language::Nb));
}

}  // namespace
}  // namespace fristvakt::tests

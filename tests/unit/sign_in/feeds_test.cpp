#include <filesystem>
#include <fstream>
#include <iterator>

#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>

#include "integrations/sqlite/access_store.hpp"
#include "tests/temporary_folder.hpp"

namespace fristvakt::tests {
namespace {

using integrations::AccessStore;
using integrations::StoredFeed;
using workflows::Instant;
using workflows::Seconds;

Instant at(int seconds) {
    return Instant{Seconds{1'600'000'000 + seconds}};
}

class FeedsTest : public ::testing::Test {
 protected:
    FeedsTest() : store_(open()) {}
    [[nodiscard]] std::unique_ptr<AccessStore> open() const {
        auto opened = AccessStore::open(file(), true);
        EXPECT_TRUE(opened.ok()) << (opened.ok() ? "" : opened.error().message);
        return std::move(opened).value();
    }
    [[nodiscard]] std::filesystem::path file() const { return folder_ / "access.db"; }
    [[nodiscard]] std::int64_t add(const std::string& hash) const {
        return store_
            ->add_feed({.of = StoredFeed::Of::Cohort,
                        .subject = "pulje-5",
                        .made_by = "sak@sf.example",
                        .made_at = at(0)},
                       hash)
            .value();
    }

    TemporaryFolder folder_;
    std::unique_ptr<AccessStore> store_;
};

TEST_F(FeedsTest, IsFoundByItsTokenAlone) {
    const auto number = add("hash");
    const auto found = store_->find_feed("hash").value();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->number, number);
    EXPECT_EQ(found->of, StoredFeed::Of::Cohort);
    EXPECT_EQ(found->subject, "pulje-5");
    EXPECT_EQ(found->made_by, "sak@sf.example");
    EXPECT_EQ(found->made_at, at(0));
    EXPECT_FALSE(found->used_at);
    EXPECT_FALSE(store_->find_feed("other").value());
    EXPECT_TRUE(store_->use_feed(number, at(5)).ok());
    EXPECT_EQ(store_->find_feed("hash").value()->used_at, at(5));
}

TEST_F(FeedsTest, RenewedTheOldTokenIsWorthNothing) {
    const auto number = add("old");
    EXPECT_TRUE(store_->use_feed(number, at(5)).ok());
    EXPECT_TRUE(store_->renew_feed(number, "new", at(9)).value());
    EXPECT_FALSE(store_->find_feed("old").value());
    const auto found = store_->find_feed("new").value();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->made_at, at(9));
    EXPECT_FALSE(found->used_at);
    EXPECT_FALSE(store_->renew_feed(number + 1, "x", at(9)).value());
}

TEST_F(FeedsTest, EndedItIsForgottenAndItsNumberIsNotUsedAgain) {
    const auto number = add("hash");
    EXPECT_TRUE(store_->end_feed(number).value());
    EXPECT_FALSE(store_->end_feed(number).value());
    EXPECT_FALSE(store_->find_feed("hash").value());
    EXPECT_TRUE(store_->feeds().value().empty());
    EXPECT_GT(add("next"), number);
}

TEST_F(FeedsTest, NewestStandsFirst) {
    const auto first = add("a");
    const auto second = add("b");
    const auto feeds = store_->feeds().value();
    ASSERT_EQ(feeds.size(), 2U);
    EXPECT_EQ(feeds[0].number, second);
    EXPECT_EQ(feeds[1].number, first);
}

TEST_F(FeedsTest, OfAnErasedPersonNothingIsLeft) {
    const std::string address{"sak@sf.example"};
    EXPECT_TRUE(
        store_
            ->add_feed({.of = StoredFeed::Of::Person, .subject = address, .made_at = at(0)}, "own")
            .ok());
    const auto made = add("of others");
    EXPECT_TRUE(store_->add_link("link", address, "mail", at(0), at(900)).ok());
    integrations::StoredSession session;
    session.address = address;
    session.ends_at = at(900);
    EXPECT_TRUE(store_->add_session(session, "x").ok());
    EXPECT_EQ(store_->erase(address).value(), 4);
    EXPECT_EQ(store_->erase(address).value(), 0);
    ASSERT_EQ(store_->feeds().value().size(), 1U);
    EXPECT_EQ(store_->feeds().value()[0].number, made);
    EXPECT_EQ(store_->feeds().value()[0].made_by, "");
    store_.reset();
    for (const auto& part : std::filesystem::directory_iterator{folder_.path()}) {
        std::ifstream bytes{part.path(), std::ios::binary};
        const std::string all{std::istreambuf_iterator<char>{bytes}, {}};
        EXPECT_EQ(all.find(address), std::string::npos) << part.path();
    }
    store_ = open();
}

TEST_F(FeedsTest, AFileOfTheFirstFormatIsTakenAlong) {
    EXPECT_TRUE(store_->add_link("link", "a@b.example", "mail", at(0), at(900)).ok());
    store_.reset();
    {
        SQLite::Database before{file(), SQLite::OPEN_READWRITE};
        before.exec("DROP TABLE feeds; DROP TABLE views; PRAGMA user_version=1");
    }
    store_ = open();
    EXPECT_TRUE(store_->find_link("link", at(1)).value());
    EXPECT_EQ(add("hash"), 1);
    store_.reset();
    store_ = open();
    EXPECT_TRUE(store_->find_feed("hash").value());
}

TEST_F(FeedsTest, AFileOfTheSecondFormatKeepsItsFeeds) {
    (void)add("hash");
    store_.reset();
    SQLite::Database{file(), SQLite::OPEN_READWRITE}.exec(
        "DROP TABLE views; PRAGMA user_version=2");
    store_ = open();
    EXPECT_TRUE(store_->find_feed("hash").value());
    EXPECT_TRUE(store_->save_view("", {.name = "Mine", .query = "?avvik=1"}, 40).ok());
    EXPECT_EQ(store_->views("").value().size(), 1U);
}

TEST_F(FeedsTest, AFileOfANewerFormatIsRefused) {
    store_.reset();
    {
        SQLite::Database later{file(), SQLite::OPEN_READWRITE};
        later.exec("PRAGMA user_version=4");
    }
    const auto opened = AccessStore::open(file(), true);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().kind, workflows::ErrorKind::Conflict);
    SQLite::Database{file(), SQLite::OPEN_READWRITE}.exec("PRAGMA user_version=3");
    store_ = open();
}

}  // namespace
}  // namespace fristvakt::tests

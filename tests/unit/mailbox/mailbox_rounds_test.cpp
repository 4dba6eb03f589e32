#include "daemon/mailbox/mailbox_rounds.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/temporary_folder.hpp"

namespace fristvakt::daemon {
namespace {

using integrations::IncomingMail;
using integrations::calendar::Answer;
using integrations::calendar::Reply;
using workflows::Definitions;
using workflows::Done;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Instant;
using workflows::MailboxProgress;
using workflows::MailboxReading;
using workflows::MailboxSettings;
using workflows::Result;
using workflows::Seconds;
using workflows::SkippedMessage;

const std::string kKari{"kari@gjovik.example"};

Instant at(int minute) {
    return Instant{std::chrono::hours{450'000} + std::chrono::minutes{minute}};
}

struct Judged {
    const char* name;
    std::string from;
    std::string sent_by;
    std::string uid;
    std::variant<std::string, AsideReason> outcome;  ///< The case, or why not.
    std::string attendee = kKari;
};
void PrintTo(const Judged& row, std::ostream* out) {
    *out << row.name;
}

const std::string kOurs{"fristvakt/sf/pulje-5/nettverk/2021-var"};
const std::string kTaken{"pulje-5/nettverk/2021-var"};

/// Kari writes from her kommune's domain, Eli from a provider's that others have too.
workflows::Definitions town() {
    workflows::Definitions all;
    all.installation.organisation = "sf";
    workflows::Organisation gjovik;
    gjovik.id = "gjovik";
    gjovik.email = "Postmottak@Gjovik.example";
    all.organisations = {{gjovik.id, gjovik}};
    for (const char* address : {"Kari@gjovik.example", "eli@epost.example"}) {
        workflows::Contact contact;
        contact.organisation = "gjovik";
        contact.email = address;
        all.contacts.push_back(contact);
    }
    all.index();
    return all;
}

class Judgement : public testing::TestWithParam<Judged> {};

TEST_P(Judgement, IsOfWhoMayAnswer) {
    const Judged& row = GetParam();
    IncomingMail mail;
    mail.from = row.from;
    Reply reply;
    reply.uid = row.uid;
    reply.attendee = row.attendee;
    reply.sent_by = row.sent_by;
    reply.organizer = "somebody-else@sf.example";
    reply.answer = Answer::Declined;
    reply.comment = "Syk";
    reply.sequence = 4;
    const auto judged = judge(mail, reply, town());
    ASSERT_EQ(judged.index(), row.outcome.index());
    if (const auto* const why = std::get_if<AsideReason>(&row.outcome)) {
        EXPECT_EQ(std::get<AsideReason>(judged), *why);
        return;
    }
    const auto& taken = std::get<InvitationReply>(judged);
    EXPECT_EQ(taken.case_id, std::get<std::string>(row.outcome));
    EXPECT_EQ(taken.attendee, row.attendee);
    EXPECT_EQ(taken.answer, Answer::Declined);
    EXPECT_EQ(taken.comment, "Syk");
    EXPECT_EQ(taken.sequence, 4);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Judgement,
    testing::Values(
        Judged{"themselves", kKari, "", kOurs, kTaken},
        Judged{"under_a_tag", "kari+kalender@gjovik.example", "", kOurs, kTaken},
        Judged{"in_their_name", "per@gjovik.example", "per@gjovik.example", kOurs, kTaken},
        Judged{"in_their_name_but_another", "ola@gjovik.example", "per@gjovik.example", kOurs,
               AsideReason::AnotherSender},
        Judged{"in_their_name_from_elsewhere", "per@elsewhere.example", "per@elsewhere.example",
               kOurs, AsideReason::AnotherSender},
        Judged{"in_their_name_from_their_provider", "x@epost.example", "x@epost.example", kOurs,
               AsideReason::AnotherSender, "eli@epost.example"},
        Judged{"stranger_in_a_colleagues_name", "per@gjovik.example", "per@gjovik.example", kOurs,
               AsideReason::AnotherSender, "ola@gjovik.example"},
        Judged{"spoof", "spoof@elsewhere.example", "", kOurs, AsideReason::AnotherSender},
        Judged{"colleague", "per@gjovik.example", "", kOurs, AsideReason::AnotherSender},
        Judged{"same_name_elsewhere", "kari@gjovik.example.elsewhere.example", "", kOurs,
               AsideReason::AnotherSender},
        Judged{"tag_for_a_name", "+kari@gjovik.example", "", kOurs, AsideReason::AnotherSender},
        Judged{"nobody", "", "", kOurs, AsideReason::NoSender},
        Judged{"nobody_in_nobodys_name", "", "", "fristvakt/sf/x", AsideReason::NoSender},
        Judged{"another_event", kKari, "", "040000008200E00074C5B7101A82E008",
               AsideReason::NotOurs},
        Judged{"another_installation", kKari, "", "fristvakt/sf-oslo/x", AsideReason::NotOurs},
        Judged{"no_case", kKari, "", "fristvakt/sf/", AsideReason::NotOurs},
        Judged{"endless_case", kKari, "", "fristvakt/sf/" + std::string(400, 'a'),
               AsideReason::NotOurs}),
    [](const auto& test) { return std::string{test.param.name}; });

std::string mail_from(const std::string& from, const std::string& comment = "x") {
    return "From: " + from +
           "\r\nContent-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\n"
           "METHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:" +
           kOurs + "\r\nDTSTAMP:20210121T093000Z\r\nCOMMENT:" + comment +
           "\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:" + kKari + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
}

/// A box whose content and troubles the test decides.
struct Box {
    std::uint32_t validity{7};
    std::vector<workflows::MailboxMessage> messages{};
    std::vector<SkippedMessage> skipped{};
    std::optional<Error> trouble{};
    std::size_t at_once{100};
    int opened{0};
    std::vector<MailboxProgress> asked{};
};

class FakeMailbox final : public workflows::Mailbox {
 public:
    explicit FakeMailbox(Box& box) : box_(box) {}
    [[nodiscard]] Result<MailboxReading> read(const MailboxProgress& progress) override {
        box_.asked.push_back(progress);
        if (box_.trouble) {
            return *box_.trouble;
        }
        MailboxReading out;
        const auto last = progress.uid_validity == box_.validity ? progress.last_uid : 0;
        out.progress = {box_.validity, last};
        for (const auto& message : box_.messages) {
            if (message.uid > last && !out.has_more) {
                out.has_more = out.messages.size() == box_.at_once;
                if (!out.has_more) {
                    out.messages.push_back(message);
                    out.progress.last_uid = message.uid;
                }
            }
        }
        for (const auto& skipped : box_.skipped) {
            if (skipped.uid > last) {
                out.skipped.push_back(skipped);
                out.progress.last_uid = std::max(out.progress.last_uid, skipped.uid);
            }
        }
        return out;
    }

 private:
    Box& box_;
};

class Rounds : public testing::Test {
 protected:
    Rounds() {
        definitions_.installation.organisation = "sf";
        MailboxSettings settings;
        settings.url = "imaps://post.example";
        settings.user = "svar";
        definitions_.installation.mailbox = settings;
    }
    MailboxRounds rounds(bool begins_anew = false) {
        return MailboxRounds{
            [this](const MailboxSettings&, std::stop_token) {
                ++box_.opened;
                return std::make_unique<FakeMailbox>(box_);
            },
            [this](const InvitationReply& reply) -> workflows::Status {
                const auto trouble = troubles_.find(reply.comment);
                if (trouble != troubles_.end()) {
                    return trouble->second;
                }
                taken_.push_back(reply.comment);
                return Done{};
            },
            {.progress_file = folder_ / "mailbox.json",
             .begins_anew = begins_anew,
             .on_failure = [this](const std::string& why) { told_.push_back("failed: " + why); },
             .on_recovery = [this] { told_.emplace_back("works"); },
             .on_aside = [this](const PutAside& one) { told_.emplace_back(to_string(one.why)); }}};
    }
    std::optional<Seconds> step(MailboxRounds& rounds, int minute = 0) {
        return rounds.step(definitions_, at(minute), stop_.get_token());
    }

    tests::TemporaryFolder folder_;
    Definitions definitions_;
    Box box_;
    std::map<std::string, Error> troubles_;
    std::vector<std::string> taken_;
    std::vector<std::string> told_;
    std::stop_source stop_;
};

TEST_F(Rounds, HandOverEachAnswerOnceAlsoAfterARestart) {
    box_.messages = {{1, mail_from(kKari, "en")}, {2, "From: a@b.example\r\n\r\nHei\r\n"}};
    auto first = rounds();
    EXPECT_EQ(step(first, 1), Seconds{60});
    box_.messages.push_back({5, mail_from(kKari, "to")});
    EXPECT_EQ(step(first, 2), Seconds{60});
    auto second = rounds();
    EXPECT_EQ(step(second, 3), Seconds{60});
    EXPECT_EQ(taken_, (std::vector<std::string>{"en", "to"}));
    EXPECT_EQ(box_.asked.back(), (MailboxProgress{7, 5}));
    EXPECT_EQ(first.health().messages, 3);
    EXPECT_EQ(first.health().taken, 2);
    EXPECT_EQ(first.health().aside, 0);
    EXPECT_EQ(first.health().read_at, at(2));
    EXPECT_TRUE(told_.empty());
}

TEST_F(Rounds, BeginAnewInAnotherBox) {
    box_.messages = {{3, mail_from(kKari, "en")}};
    auto one = rounds();
    (void)step(one);
    box_.validity = 8;
    box_.messages = {{1, mail_from(kKari, "to")}};
    (void)step(one);
    // Another folder, of which nothing is known.
    definitions_.installation.mailbox->folder = "Svar";
    (void)step(one);
    EXPECT_EQ(box_.asked.back(), MailboxProgress{});
    EXPECT_EQ(box_.opened, 2);
    EXPECT_EQ(taken_, (std::vector<std::string>{"en", "to", "to"}));
}

TEST_F(Rounds, BeginAnewOnceWithAStoreThatCameFromABackup) {
    box_.messages = {{3, mail_from(kKari, "en")}};
    auto before = rounds();
    (void)step(before);
    auto restored = rounds(true);
    (void)step(restored);
    (void)step(restored);
    EXPECT_EQ(taken_, (std::vector<std::string>{"en", "en"}));
    EXPECT_EQ(box_.asked.back(), (MailboxProgress{7, 3}));
}

TEST_F(Rounds, GoOnAtOnceWhileThereIsMore) {
    box_.messages = {{1, mail_from(kKari, "en")}, {2, mail_from(kKari, "to")}};
    box_.at_once = 1;
    auto one = rounds();
    EXPECT_EQ(step(one), Seconds{0});
    EXPECT_EQ(step(one), Seconds{60});
    EXPECT_EQ(taken_.size(), 2U);
}

TEST_F(Rounds, PutAsideWhatIsNotToBeBelieved) {
    box_.messages = {{1, mail_from("spoof@elsewhere.example")},
                     {2, std::string(5'000'000, 'a')},
                     {4, "From: a@b.example\r\nContent-Type: text/calendar; method=REPLY\r\n\r\nx"},
                     {6, mail_from(kKari, "nei")},
                     {7, mail_from(kKari, "ja")}};
    box_.skipped = {{3, SkippedMessage::Why::TooBig}, {8, SkippedMessage::Why::NotGiven}};
    troubles_["nei"] = {ErrorKind::NotFound, "there is no such case"};
    auto one = rounds();
    EXPECT_EQ(step(one, 5), Seconds{60});
    EXPECT_EQ(taken_, std::vector<std::string>{"ja"});
    EXPECT_EQ(told_, (std::vector<std::string>{"another-sender", "unreadable", "too-big",
                                               "unreadable", "refused", "not-given"}));
    const auto health = one.health();
    EXPECT_EQ(health.aside, 6);
    ASSERT_EQ(health.latest_aside.size(), 6U);
    EXPECT_EQ(health.latest_aside.front().uid, 8U);
    EXPECT_EQ(health.latest_aside.front().at, at(5));
    EXPECT_EQ(health.latest_aside[1].detail, "there is no such case");
    for (const PutAside& aside : health.latest_aside) {
        EXPECT_EQ(aside.detail.find('@'), std::string::npos) << aside.detail;
    }
    (void)step(one, 6);
    EXPECT_EQ(told_.size(), 6U);
}

TEST_F(Rounds, RememberOnlySoManyPutAside) {
    for (std::uint32_t uid = 1; uid <= 50; ++uid) {
        box_.messages.push_back({uid, mail_from("spoof@elsewhere.example")});
    }
    auto one = rounds();
    (void)step(one);
    EXPECT_EQ(one.health().aside, 50);
    ASSERT_EQ(one.health().latest_aside.size(), kLatestAside);
    EXPECT_EQ(one.health().latest_aside.front().uid, 50U);
}

TEST_F(Rounds, WaitWithWhatTheEngineCannotTakeNow) {
    box_.messages = {{1, mail_from(kKari, "en")}, {4, mail_from(kKari, "to")}};
    box_.skipped = {{3, SkippedMessage::Why::TooBig}};
    troubles_["to"] = {ErrorKind::Unavailable, "the store does not answer"};
    auto one = rounds();
    EXPECT_EQ(step(one, 1), Seconds{60});
    EXPECT_EQ(one.health().error, "the store does not answer");
    EXPECT_EQ(one.health().failed_at, at(1));
    EXPECT_EQ(one.health().failing_since, at(1));
    EXPECT_FALSE(one.health().read_at);
    (void)step(one, 2);
    EXPECT_EQ(one.health().failed_at, at(2));
    EXPECT_EQ(one.health().failing_since, at(1)) << "since the first in the row";
    troubles_.clear();
    auto after_restart = rounds();
    EXPECT_EQ(step(after_restart, 2), Seconds{60});
    EXPECT_EQ(box_.asked.back(), (MailboxProgress{7, 3}));
    EXPECT_EQ(taken_, (std::vector<std::string>{"en", "to"}));
    EXPECT_EQ(told_, (std::vector<std::string>{"too-big", "failed: the store does not answer"}));
}

TEST_F(Rounds, WaitLongerAndLongerForABoxThatCannotBeRead) {
    box_.trouble = Error{ErrorKind::Unavailable, "no connection"};
    auto one = rounds();
    std::vector<int> pauses;
    for (int minute = 1; minute <= 7; ++minute) {
        pauses.push_back(static_cast<int>(step(one, minute)->count()));
    }
    EXPECT_EQ(pauses, (std::vector{60, 120, 240, 480, 900, 900, 900}));
    EXPECT_EQ(one.health().failures, 7);
    EXPECT_EQ(one.health().failed_at, at(7));
    EXPECT_EQ(one.health().error, "no connection");
    box_.trouble.reset();
    EXPECT_EQ(step(one, 8), Seconds{60});
    EXPECT_EQ(one.health().failures, 0);
    EXPECT_FALSE(one.health().failed_at);
    EXPECT_EQ(one.health().error, "");
    EXPECT_EQ(one.health().read_at, at(8));
    EXPECT_EQ(told_, (std::vector<std::string>{"failed: no connection", "works"}));
}

TEST(Pause, IsNeverShorterThanUsual) {
    EXPECT_EQ(pause_after(0, Seconds{10}), Seconds{10});
    EXPECT_EQ(pause_after(1, Seconds{10}), Seconds{60});
    EXPECT_EQ(pause_after(1'000'000, Seconds{10}), Seconds{900});
    EXPECT_EQ(pause_after(3, Seconds{3'600}), Seconds{3'600});
}

TEST_F(Rounds, DoNothingWithoutAMailbox) {
    auto one = rounds();
    (void)step(one);
    EXPECT_TRUE(one.health().is_configured);
    definitions_.installation.mailbox.reset();
    EXPECT_FALSE(step(one));
    EXPECT_FALSE(one.health().is_configured);
    EXPECT_FALSE(one.health().read_at);
    EXPECT_EQ(box_.opened, 1);
}

TEST_F(Rounds, SayThatTheProgressCannotBeStored) {
    box_.messages = {{1, mail_from(kKari, "en")}};
    std::filesystem::create_directories(folder_ / "mailbox.json" / "in-the-way");
    auto one = rounds();
    EXPECT_EQ(step(one), Seconds{60});
    EXPECT_NE(one.health().progress_error.find("mailbox.json"), std::string::npos);
    // What is remembered is not handed over again meanwhile.
    (void)step(one);
    EXPECT_EQ(taken_.size(), 1U);
    std::filesystem::remove_all(folder_ / "mailbox.json");
    (void)step(one);
    EXPECT_EQ(one.health().progress_error, "");
}

TEST_F(Rounds, ReadADamagedProgressAsNone) {
    for (const char* const text :
         {"", "{", "[]", "7", "{\"mailbox\": 7}", "{\"uid_validity\": -1}",
          R"({"mailbox":{"folder":"INBOX","url":"imaps://post.example","user":"svar"},)"
          R"("uid_validity":7,"last_uid":"x"})",
          R"({"mailbox":{"folder":"INBOX","url":"imaps://post.example","user":"svar"},)"
          R"("uid_validity":4294967296,"last_uid":1})"}) {
        std::ofstream{folder_ / "mailbox.json"} << text;
        const ProgressFile file{folder_ / "mailbox.json"};
        EXPECT_EQ(file.read(*definitions_.installation.mailbox), MailboxProgress{}) << text;
    }
}

TEST_F(Rounds, AreBrokenOffBetweenTwoMessages) {
    box_.messages = {{1, mail_from(kKari, "en")}};
    auto one = rounds();
    stop_.request_stop();
    EXPECT_EQ(step(one), Seconds{0});
    EXPECT_TRUE(taken_.empty());
    EXPECT_EQ(one.health().failures, 0);
}

}  // namespace
}  // namespace fristvakt::daemon

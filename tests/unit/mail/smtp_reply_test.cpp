#include "integrations/mail/smtp_reply.hpp"

#include <array>
#include <string>

#include <gtest/gtest.h>

#include "integrations/mail/smtp_dialogue.hpp"

namespace fristvakt::integrations {
namespace {

using workflows::DeliveryReport;
using workflows::Verdict;

constexpr std::array kStages{SmtpStage::Connect, SmtpStage::Hello,  SmtpStage::StartTls,
                             SmtpStage::Auth,    SmtpStage::Sender, SmtpStage::Recipient,
                             SmtpStage::Data,    SmtpStage::End};

/// Codes that refuse us or our manners, not the message (RFC 5321, 4954, 7504).
bool is_ours_to_mend(int code) {
    return (code >= 500 && code <= 504) || code == 521 || code == 530 || code == 534 ||
           code == 535 || code == 538;
}

Verdict expected(SmtpStage stage, int code) {
    if (stage == SmtpStage::End && code >= 200 && code <= 299) {
        return Verdict::Delivered;
    }
    if (code < 500 || is_ours_to_mend(code)) {
        return Verdict::RetryLater;
    }
    const bool is_final = stage >= SmtpStage::Recipient;
    return is_final || (stage == SmtpStage::Sender && code == 552) ? Verdict::Refused
                                                                   : Verdict::RetryLater;
}

TEST(SmtpReply, EveryCodeAtEveryStage) {
    for (const SmtpStage stage : kStages) {
        for (int code = 200; code <= 599; ++code) {
            const DeliveryReport report = classify(stage, {.code = code, .text = "no"});
            const auto place = static_cast<int>(stage);
            EXPECT_EQ(report.verdict, expected(stage, code)) << place << '/' << code;
            EXPECT_EQ(report.recipient_refused, report.verdict == Verdict::Refused &&
                                                    stage == SmtpStage::Recipient && code != 552)
                << place << '/' << code;
            EXPECT_FALSE(report.uncertain) << place << '/' << code;
        }
    }
}

TEST(SmtpReply, OutsideTheCodesThereAreNothingIsDecided) {
    for (const SmtpStage stage : kStages) {
        for (const int code : {1, 99, 100, 199, 600, 999}) {
            EXPECT_EQ(classify(stage, {.code = code, .text = {}}).verdict, Verdict::RetryLater);
        }
    }
}

TEST(SmtpReply, NoReplyIsUncertainOnlyWhenAllWasHandedOver) {
    for (const SmtpStage stage : kStages) {
        const DeliveryReport report = classify(stage, {});
        EXPECT_EQ(report.verdict, Verdict::RetryLater);
        EXPECT_EQ(report.uncertain, stage == SmtpStage::End);
    }
}

struct Row {
    const char* name;
    SmtpStage stage;
    int code;
    const char* text;
    Verdict verdict;
    bool recipient_refused;
};
void PrintTo(const Row& row, std::ostream* out) {
    *out << row.name;
}

class SmtpReplyInTheField : public testing::TestWithParam<Row> {};

TEST_P(SmtpReplyInTheField, MeansWhatItShould) {
    const auto& row = GetParam();
    const DeliveryReport report = classify(row.stage, {.code = row.code, .text = row.text});
    EXPECT_EQ(report.verdict, row.verdict);
    EXPECT_EQ(report.recipient_refused, row.recipient_refused);
}

constexpr auto kLater = Verdict::RetryLater;
constexpr auto kRefused = Verdict::Refused;

INSTANTIATE_TEST_SUITE_P(
    Table, SmtpReplyInTheField,
    testing::Values(
        Row{"unknown_user", SmtpStage::Recipient, 550, "5.1.1 No such user", kRefused, true},
        Row{"unknown_user_behind_a_relay", SmtpStage::Recipient, 550,
            "5.1.1 relay1.test said: not able to relay", kRefused, true},
        Row{"no_mail_for_the_domain", SmtpStage::Recipient, 556, "5.1.10 null MX", kRefused, true},
        Row{"disabled_mailbox", SmtpStage::Recipient, 550, "5.2.1 disabled", kRefused, true},
        Row{"closed_group", SmtpStage::Recipient, 550, "5.7.133 sender not authenticated for group",
            kRefused, true},
        Row{"full_mailbox_as_5xx", SmtpStage::Recipient, 552, "5.2.2 over quota", kLater, false},
        Row{"full_mailbox_in_words", SmtpStage::Recipient, 550, "Mailbox full", kLater, false},
        Row{"daily_limit", SmtpStage::End, 550, "5.4.5 Daily sending limit exceeded", kLater,
            false},
        Row{"submission_quota", SmtpStage::End, 554,
            "5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException", kLater, false},
        Row{"relaying_denied", SmtpStage::Recipient, 554, "5.7.1 Relay access denied", kLater,
            false},
        Row{"relaying_denied_otherwise", SmtpStage::Recipient, 550, "5.7.54 Unable to relay",
            kLater, false},
        Row{"our_host_blocked", SmtpStage::Recipient, 554,
            "5.7.1 Service unavailable; Client host blocked using a list", kLater, false},
        Row{"our_sender_unknown", SmtpStage::Recipient, 550, "5.1.8 sender domain", kLater, false},
        Row{"log_in_first", SmtpStage::Sender, 530, "5.7.0 Authentication required", kLater, false},
        Row{"basic_log_in_gone", SmtpStage::Auth, 550, "5.7.30 Basic authentication", kLater,
            false},
        Row{"send_as_denied", SmtpStage::Sender, 554, "5.7.60 SendAsDenied", kLater, false},
        Row{"too_large_at_mail", SmtpStage::Sender, 552, "5.3.4 too big", kRefused, false},
        Row{"too_large_for_one", SmtpStage::Recipient, 552, "5.2.3 too big", kRefused, false},
        Row{"spam", SmtpStage::End, 554, "5.7.1 looks like spam", kRefused, false},
        Row{"greylisted", SmtpStage::Recipient, 450, "4.7.1 try again", kLater, false},
        Row{"too_many_sessions", SmtpStage::Sender, 432, "4.3.2 STOREDRV", kLater, false}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(SmtpReply, ShownWithoutAddressesInPlainAscii) {
    const SmtpReply reply{.code = 550,
                          .text =
                              "5.1.1 <kari@hamar.example>: kari.nordmann, KARI is unknown\t\x07"
                              "p\xC3\xA5 ola@x.example"};
    EXPECT_EQ(public_reply(SmtpStage::Recipient, reply, {"kari@hamar.example", "a@b.example"}),
              "550 5.1.1 is unknown p");
}

TEST(SmtpReply, ShownShortAndWhole) {
    SmtpReply reply{.code = 250, .text = {}};
    EXPECT_EQ(public_reply(SmtpStage::End, reply, {}), "250");
    for (int word = 0; word < 100; ++word) {
        reply.text += "words ";
    }
    const std::string shown = public_reply(SmtpStage::End, reply, {});
    EXPECT_LE(shown.size(), 200U);
    EXPECT_TRUE(shown.ends_with("words"));
}

TEST(SmtpReply, WhatIsSaidToALogInIsNotRepeated) {
    const std::string echo = "5.7.8 AGZyaXN0dmFrdABodW50ZXIy is wrong";
    EXPECT_EQ(public_reply(SmtpStage::Auth, {.code = 535, .text = echo}, {}),
              "535 5.7.8 the server refused the log-in");
    EXPECT_EQ(public_reply(SmtpStage::Auth, {.code = 454, .text = "hunter2"}, {}),
              "454 the server could not log us in");
}

TEST(SmtpDialogue, FollowsAWholeMessage) {
    SmtpDialogue dialogue{100};
    EXPECT_EQ(dialogue.stage(), SmtpStage::Connect);
    dialogue.answer("220 test.example\r\n");
    dialogue.command("EHLO here\r\n");
    EXPECT_EQ(dialogue.stage(), SmtpStage::Hello);
    EXPECT_EQ(dialogue.reply().code, 0);
    dialogue.answer("250-test.example\r\n");
    EXPECT_EQ(dialogue.reply().code, 0);
    dialogue.answer("250 SIZE\r\n");
    EXPECT_EQ(dialogue.reply().code, 250);
    EXPECT_EQ(dialogue.reply().text, "test.example SIZE");
    dialogue.command("STARTTLS\r\n");
    EXPECT_EQ(dialogue.stage(), SmtpStage::StartTls);
    dialogue.command("MAIL FROM:<a@x.example>\r\n");
    EXPECT_EQ(dialogue.stage(), SmtpStage::Sender);
    dialogue.command("RCPT TO:<b@x.example>\r\n");
    EXPECT_EQ(dialogue.recipient(), 0U);
    dialogue.command("RCPT TO:<c@x.example>\r\n");
    EXPECT_EQ(dialogue.recipient(), 1U);
    dialogue.command("DATA\r\n");
    dialogue.answer("354 go on\r\n");
    dialogue.text(99);
    EXPECT_EQ(dialogue.stage(), SmtpStage::Data);
    dialogue.text(1);
    EXPECT_EQ(dialogue.stage(), SmtpStage::End);
    EXPECT_EQ(dialogue.reply().code, 0);
    dialogue.answer("250\r\n");
    dialogue.command("QUIT\r\n");
    EXPECT_EQ(dialogue.stage(), SmtpStage::End);
    EXPECT_EQ(dialogue.reply().code, 250);
}

TEST(SmtpDialogue, ASecretThatLooksLikeACommandIsNone) {
    SmtpDialogue dialogue{100};
    dialogue.command("AUTH LOGIN\r\n");
    dialogue.answer("334 VXNlcm5hbWU6\r\n");
    dialogue.command("DATA\r\n");
    EXPECT_EQ(dialogue.stage(), SmtpStage::Auth);
    dialogue.answer("334 UGFzc3dvcmQ6\r\n");
    dialogue.command("STARTTLS\r\n");
    EXPECT_EQ(dialogue.stage(), SmtpStage::Auth);
    dialogue.answer("235 ok\r\n");
    dialogue.command("MAIL FROM:<a@x.example>\r\n");
    EXPECT_EQ(dialogue.stage(), SmtpStage::Sender);
}

TEST(SmtpDialogue, WhatIsNoReplyIsPassedOver) {
    SmtpDialogue dialogue{100};
    for (const char* line : {"", "\r\n", "25", "abc hello", "  1 x", "-12 x"}) {
        dialogue.answer(line);
        EXPECT_EQ(dialogue.reply().code, 0) << line;
    }
}

}  // namespace
}  // namespace fristvakt::integrations

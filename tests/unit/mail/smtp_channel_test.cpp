#include "integrations/mail/smtp_channel.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/servers/smtp_server.hpp"

namespace fristvakt::integrations {
namespace {

using namespace std::chrono_literals;
using tests::SmtpServer;
using tests::SmtpServerOptions;
using workflows::DeliveryReport;
using workflows::Envelope;
using workflows::SmtpSettings;
using workflows::Verdict;
using Tls = SmtpServerOptions::Tls;

constexpr const char* kPassword = "hunter2-never-shown";

SmtpSettings settings_for(const SmtpServer& server) {
    SmtpSettings out;
    out.url = server.url();
    out.ca_file = server.ca_file();
    out.starttls =
        server.ca_file().empty() ? SmtpSettings::StartTls::Off : SmtpSettings::StartTls::Required;
    return out;
}

SmtpSettings with_login(SmtpSettings settings, const char* password = kPassword) {
    ::setenv("FRISTVAKT_TEST_PASSWORD", password, 1);  // NOLINT(concurrency-mt-unsafe)
    settings.user = "fristvakt";
    settings.password = {.kind = workflows::SecretReference::Kind::Environment,
                         .name = "FRISTVAKT_TEST_PASSWORD"};
    return settings;
}

std::unique_ptr<SmtpChannel> open(const SmtpSettings& settings, SmtpOptions options = {}) {
    auto channel = SmtpChannel::open(settings, std::move(options));
    EXPECT_TRUE(channel.ok()) << (channel.ok() ? "" : channel.error().message);
    return channel.ok() ? std::move(channel).value() : nullptr;
}

Envelope envelope() {
    return {.number = 42,
            .message_id = "m42.1@sf.example",
            .from = "fristvakt@sf.example",
            .to = {"kari@hamar.example"},
            .bytes = "Subject: Frist\r\n\r\nHei\r\n",
            .at = {}};
}

Envelope with_copies() {
    Envelope out = envelope();
    out.to = {"kari@hamar.example", "ola@hamar.example", "per@hamar.example"};
    return out;
}

std::size_t count(const std::vector<std::string>& transcript, const std::string& command) {
    return static_cast<std::size_t>(std::count_if(
        transcript.begin(), transcript.end(),
        [&](const std::string& line) { return line.find(' ' + command) != std::string::npos; }));
}

/// One server for all that do not need one of their own: starting it takes a moment.
SmtpServer& plain_server() {
    static SmtpServer instance;
    return instance;
}

SmtpServer& secure_server() {
    static SmtpServer instance{
        {.tls = Tls::StartTls, .user = "fristvakt", .password = kPassword, .auth_required = true}};
    return instance;
}

DeliveryReport send_by_plan(const std::string& plan, const Envelope& message = envelope(),
                            SmtpOptions options = {}) {
    plain_server().set_plan(plan);
    DeliveryReport report = open(settings_for(plain_server()), std::move(options))->send(message);
    EXPECT_EQ(report.number, message.number);
    EXPECT_EQ(report.reply.find('@'), std::string::npos) << report.reply;
    return report;
}

TEST(Smtp, HandsOverTheBytesAsTheyAre) {
    Envelope message = with_copies();
    message.bytes = "Subject: Frist\r\n\r\n.\r\n..\r\n.a\r\n\r\n" + std::string(900, 'x') + "\r\n";
    const DeliveryReport report = send_by_plan("[]", message);
    EXPECT_EQ(report.verdict, Verdict::Delivered);
    EXPECT_EQ(report.reply, "250 2.0.0 accepted");
    EXPECT_FALSE(report.uncertain);
    EXPECT_TRUE(report.copies_refused.empty());
    const auto messages = plain_server().messages();
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(messages[0].bytes, message.bytes);
    EXPECT_EQ(messages[0].from, message.from);
    EXPECT_EQ(messages[0].to, message.to);
}

TEST(Smtp, AMegabyteComesThroughWhole) {
    Envelope message = envelope();
    for (int line = 0; line < 14000; ++line) {
        message.bytes += std::to_string(line) + std::string(70, 'x') + "\r\n.\r\n";
    }
    EXPECT_EQ(send_by_plan("[]", message).verdict, Verdict::Delivered);
    ASSERT_EQ(plain_server().messages().size(), 1U);
    EXPECT_EQ(plain_server().messages()[0].bytes, message.bytes);
}

TEST(Smtp, TwoMessagesUseOneSession) {
    plain_server().set_plan("[]");
    const auto channel = open(settings_for(plain_server()));
    EXPECT_EQ(channel->send(envelope()).verdict, Verdict::Delivered);
    EXPECT_EQ(channel->send(with_copies()).verdict, Verdict::Delivered);
    const auto messages = plain_server().messages();
    ASSERT_EQ(messages.size(), 2U);
    EXPECT_EQ(messages[0].session, messages[1].session);
    EXPECT_EQ(count(plain_server().transcript(), "CONNECT"), 1U);
}

struct RefusalRow {
    const char* command;
    const char* reply;
    Verdict verdict;
    bool recipient_refused;
};
void PrintTo(const RefusalRow& row, std::ostream* out) {
    *out << row.command << row.reply;
}

class SmtpRefusal : public testing::TestWithParam<RefusalRow> {};

TEST_P(SmtpRefusal, HasItsVerdict) {
    const auto& row = GetParam();
    const DeliveryReport report = send_by_plan(std::string{R"([{"at": ")"} + row.command +
                                               R"(", "reply": ")" + row.reply + R"("}])");
    EXPECT_EQ(report.verdict, row.verdict) << report.reply;
    EXPECT_EQ(report.recipient_refused, row.recipient_refused);
    EXPECT_FALSE(report.uncertain);
    EXPECT_EQ(report.reply, row.reply);
    EXPECT_TRUE(plain_server().messages().empty());
}

INSTANTIATE_TEST_SUITE_P(
    Table, SmtpRefusal,
    testing::Values(RefusalRow{"CONNECT", "421 4.3.2 too busy", Verdict::RetryLater, false},
                    RefusalRow{"CONNECT", "554 5.7.1 go away", Verdict::RetryLater, false},
                    RefusalRow{"MAIL", "421 4.3.2 closing", Verdict::RetryLater, false},
                    RefusalRow{"MAIL", "451 4.3.0 trouble", Verdict::RetryLater, false},
                    RefusalRow{"MAIL", "452 4.3.1 disk full", Verdict::RetryLater, false},
                    RefusalRow{"MAIL", "530 5.7.0 log in first", Verdict::RetryLater, false},
                    RefusalRow{"MAIL", "550 5.7.1 not you", Verdict::RetryLater, false},
                    RefusalRow{"MAIL", "552 5.3.4 too large", Verdict::Refused, false},
                    RefusalRow{"MAIL", "553 5.1.8 no such sender", Verdict::RetryLater, false},
                    RefusalRow{"RCPT", "421 4.3.2 closing", Verdict::RetryLater, false},
                    RefusalRow{"RCPT", "450 4.2.0 greylisted", Verdict::RetryLater, false},
                    RefusalRow{"RCPT", "452 4.2.2 full", Verdict::RetryLater, false},
                    RefusalRow{"RCPT", "550 5.1.1 no such user", Verdict::Refused, true},
                    RefusalRow{"RCPT", "551 5.1.6 has moved", Verdict::Refused, true},
                    RefusalRow{"RCPT", "553 5.1.3 bad name", Verdict::Refused, true},
                    RefusalRow{"RCPT", "554 5.7.1 Relay access denied", Verdict::RetryLater, false},
                    RefusalRow{"DATA", "421 4.3.2 closing", Verdict::RetryLater, false},
                    RefusalRow{"DATA", "451 4.3.0 trouble", Verdict::RetryLater, false},
                    RefusalRow{"DATA", "554 5.5.1 not now", Verdict::Refused, false},
                    RefusalRow{"END", "421 4.3.2 closing", Verdict::RetryLater, false},
                    RefusalRow{"END", "451 4.3.0 trouble", Verdict::RetryLater, false},
                    RefusalRow{"END", "452 4.3.1 disk full", Verdict::RetryLater, false},
                    RefusalRow{"END", "550 5.7.1 spam", Verdict::Refused, false},
                    RefusalRow{"END", "552 5.2.2 quota", Verdict::RetryLater, false},
                    RefusalRow{"END", "554 5.6.0 bad content", Verdict::Refused, false}),
    [](const auto& test) {
        return test.param.command + std::string{test.param.reply}.substr(0, 3) + "_" +
               std::to_string(test.index);
    });

TEST(Smtp, ARefusalInSeveralLinesIsReadWhole) {
    const DeliveryReport report = send_by_plan(
        R"([{"at": "RCPT", "reply": ["550 5.1.1 the address",
             "550 5.1.1 is not <kari@hamar.example>",
             "550 5.1.1 known"]}])");
    EXPECT_EQ(report.verdict, Verdict::Refused);
    EXPECT_TRUE(report.recipient_refused);
    EXPECT_EQ(report.reply, "550 5.1.1 the address 5.1.1 is not 5.1.1 known");
}

TEST(Smtp, AfterARefusalTheNextMessageGoes) {
    plain_server().set_plan(R"([{"at": "RCPT", "reply": "550 5.1.1 no", "times": 1},
                                {"at": "END", "reply": "451 4.3.0 no", "times": 1}])");
    const auto channel = open(settings_for(plain_server()));
    EXPECT_EQ(channel->send(envelope()).verdict, Verdict::Refused);
    EXPECT_EQ(channel->send(envelope()).verdict, Verdict::RetryLater);
    EXPECT_EQ(channel->send(envelope()).verdict, Verdict::Delivered);
}

struct DropRow {
    const char* name;
    const char* rule;
    bool uncertain;
    std::size_t accepted;
};
void PrintTo(const DropRow& row, std::ostream* out) {
    *out << row.name;
}

class SmtpDrop : public testing::TestWithParam<DropRow> {};

TEST_P(SmtpDrop, IsTriedLaterAndUncertainOnlyAfterTheEnd) {
    const auto& row = GetParam();
    // Long enough for a busy machine to get as far as the rule.
    const auto patience = std::string_view{row.rule}.find("stall") == std::string_view::npos
                              ? SmtpOptions{}.total_timeout
                              : 2000ms;
    const DeliveryReport report =
        send_by_plan(std::string{"["} + row.rule + "]", envelope(), {.total_timeout = patience});
    EXPECT_EQ(report.verdict, Verdict::RetryLater) << report.reply;
    EXPECT_EQ(report.uncertain, row.uncertain) << report.reply;
    EXPECT_FALSE(report.recipient_refused);
    EXPECT_FALSE(report.reply.empty());
    EXPECT_EQ(plain_server().messages().size(), row.accepted);
    EXPECT_EQ(count(plain_server().transcript(), "CONNECT"), 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Table, SmtpDrop,
    testing::Values(DropRow{"greeting", R"({"at": "CONNECT", "drop": "before"})", false, 0},
                    DropRow{"ehlo", R"({"at": "EHLO", "drop": "before"})", false, 0},
                    DropRow{"mail", R"({"at": "MAIL", "drop": "before"})", false, 0},
                    DropRow{"mail_after", R"({"at": "MAIL", "drop": "after"})", false, 0},
                    DropRow{"recipient", R"({"at": "RCPT", "drop": "before"})", false, 0},
                    DropRow{"recipient_after", R"({"at": "RCPT", "drop": "after"})", false, 0},
                    DropRow{"data", R"({"at": "DATA", "drop": "before"})", false, 0},
                    DropRow{"final_reply_accepted", R"({"at": "END", "drop": "before"})", true, 1},
                    DropRow{"slow_greeting", R"({"at": "CONNECT", "stall": true})", false, 0},
                    DropRow{"slow_mail", R"({"at": "MAIL", "stall": true})", false, 0},
                    DropRow{"slow_recipient", R"({"at": "RCPT", "stall": true})", false, 0},
                    DropRow{"slow_data", R"({"at": "DATA", "stall": true})", false, 0},
                    DropRow{"slow_final_reply", R"({"at": "END", "stall": true})", true, 1}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(Smtp, ASlowServerIsWaitedFor) {
    EXPECT_EQ(
        send_by_plan(R"([{"at": "END", "delay": 0.3}, {"at": "MAIL", "delay": 0.2}])").verdict,
        Verdict::Delivered);
}

TEST(Smtp, ATimeOutEndsInTime) {
    const auto begin = std::chrono::steady_clock::now();
    (void)send_by_plan(R"([{"at": "END", "stall": true}])", envelope(), {.total_timeout = 500ms});
    // Closing the connection included: libcurl would wait two minutes for the answer to QUIT.
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 60s);
}

TEST(Smtp, AServerThatNeverSaysGoodbyeIsLeft) {
    plain_server().set_plan(R"([{"at": "QUIT", "stall": true}])");
    auto channel = open(settings_for(plain_server()));
    EXPECT_EQ(channel->send(envelope()).verdict, Verdict::Delivered);
    const auto begin = std::chrono::steady_clock::now();
    channel.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 60s);
}

TEST(Smtp, AServerThatNeverSaysGoodbyeAfterARefusalIsLeft) {
    const auto begin = std::chrono::steady_clock::now();
    const DeliveryReport report =
        send_by_plan(R"([{"at": "RCPT", "reply": "550 5.1.1 no"}, {"at": "QUIT", "stall": true}])");
    EXPECT_EQ(report.verdict, Verdict::Refused);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 60s);
}

TEST(Smtp, ADropAfterTheFinalReplyIsDeliveredAndTheNextGoesOverANewSession) {
    plain_server().set_plan(R"([{"at": "END", "drop": "after", "times": 1}])");
    const auto channel = open(settings_for(plain_server()));
    EXPECT_EQ(channel->send(envelope()).verdict, Verdict::Delivered);
    EXPECT_EQ(channel->send(envelope()).verdict, Verdict::Delivered);
    EXPECT_EQ(plain_server().messages().size(), 2U);
}

struct StaleRow {
    const char* name;
    const char* rule;
};
void PrintTo(const StaleRow& row, std::ostream* out) {
    *out << row.name;
}

class SmtpStale : public testing::TestWithParam<StaleRow> {};

TEST_P(SmtpStale, AKeptSessionThatDiedIsReplacedAtOnce) {
    plain_server().set_plan(GetParam().rule);
    const auto channel = open(settings_for(plain_server()));
    EXPECT_EQ(channel->send(envelope()).verdict, Verdict::Delivered);
    const DeliveryReport second = channel->send(envelope());
    EXPECT_EQ(second.verdict, Verdict::Delivered) << second.reply;
    const auto messages = plain_server().messages();
    ASSERT_EQ(messages.size(), 2U);
    EXPECT_NE(messages[0].session, messages[1].session);
}

INSTANTIATE_TEST_SUITE_P(
    Table, SmtpStale,
    testing::Values(
        StaleRow{"closed_at_mail", R"([{"at": "MAIL", "drop": "before", "skip": 1, "times": 1}])"},
        StaleRow{"told_421", R"([{"at": "MAIL", "reply": "421 4.4.2 idle", "drop": "after",
                                  "skip": 1, "times": 1}])"},
        StaleRow{"closed_at_recipient",
                 R"([{"at": "RCPT", "drop": "before", "skip": 1, "times": 1}])"}),
    [](const auto& test) { return std::string{test.param.name}; });

TEST(Smtp, AKeptSessionIsReplacedOnceAndNotForEver) {
    plain_server().set_plan(R"([{"at": "MAIL", "drop": "before", "skip": 1}])");
    const auto channel = open(settings_for(plain_server()));
    EXPECT_EQ(channel->send(envelope()).verdict, Verdict::Delivered);
    EXPECT_EQ(channel->send(envelope()).verdict, Verdict::RetryLater);
    EXPECT_EQ(count(plain_server().transcript(), "MAIL"), 3U);
}

TEST(Smtp, NothingIsRepeatedOnceTheTextWasHandedOver) {
    plain_server().set_plan(R"([{"at": "END", "drop": "before", "skip": 1}])");
    const auto channel = open(settings_for(plain_server()));
    EXPECT_EQ(channel->send(envelope()).verdict, Verdict::Delivered);
    const DeliveryReport second = channel->send(envelope());
    EXPECT_EQ(second.verdict, Verdict::RetryLater);
    EXPECT_TRUE(second.uncertain);
    EXPECT_EQ(count(plain_server().transcript(), "END"), 2U);
}

TEST(SmtpCopies, ARefusedCopyDoesNotStopTheOthers) {
    const DeliveryReport report = send_by_plan(
        R"([{"at": "RCPT", "to": "ola@hamar.example", "reply": "550 5.1.1 no"}])", with_copies());
    EXPECT_EQ(report.verdict, Verdict::Delivered);
    EXPECT_FALSE(report.recipient_refused);
    EXPECT_EQ(report.copies_refused, std::vector<std::size_t>{1});
    const auto messages = plain_server().messages();
    ASSERT_EQ(messages.size(), 1U);
    EXPECT_EQ(messages[0].to,
              (std::vector<std::string>{"kari@hamar.example", "per@hamar.example"}));
}

TEST(SmtpCopies, AllCopiesRefusedLeavesTheRecipient) {
    const DeliveryReport report =
        send_by_plan(R"([{"at": "RCPT", "to": "ola@hamar.example", "reply": "550 5.1.1 no"},
                         {"at": "RCPT", "to": "per@hamar.example", "reply": "550 5.1.1 no"}])",
                     with_copies());
    EXPECT_EQ(report.verdict, Verdict::Delivered);
    EXPECT_EQ(report.copies_refused, (std::vector<std::size_t>{1, 2}));
    ASSERT_EQ(plain_server().messages().size(), 1U);
    EXPECT_EQ(plain_server().messages()[0].to, std::vector<std::string>{"kari@hamar.example"});
}

TEST(SmtpCopies, ARefusedRecipientMeansNothingForTheCopies) {
    const DeliveryReport report =
        send_by_plan(R"([{"at": "RCPT", "index": 0, "reply": "550 5.1.1 no"}])", with_copies());
    EXPECT_EQ(report.verdict, Verdict::Refused);
    EXPECT_TRUE(report.recipient_refused);
    EXPECT_TRUE(plain_server().messages().empty());
    EXPECT_EQ(count(plain_server().transcript(), "RCPT"), 1U);
}

TEST(SmtpCopies, ACopyRefusedForNowIsWaitedForTwice) {
    const std::string plan =
        R"([{"at": "RCPT", "to": "ola@hamar.example", "reply": "450 4.2.0 greylisted"}])";
    Envelope message = with_copies();
    for (message.attempt = 1; message.attempt <= 2; ++message.attempt) {
        const DeliveryReport report = send_by_plan(plan, message);
        EXPECT_EQ(report.verdict, Verdict::RetryLater);
        EXPECT_FALSE(report.recipient_refused);
        EXPECT_TRUE(plain_server().messages().empty());
    }
    const DeliveryReport third = send_by_plan(plan, message);
    EXPECT_EQ(third.verdict, Verdict::Delivered);
    EXPECT_EQ(third.copies_refused, std::vector<std::size_t>{1});
    EXPECT_EQ(plain_server().messages().size(), 1U);
}

TEST(SmtpCopies, AServerThatGoesAwayAtACopyIsNoRefusalOfIt) {
    Envelope message = with_copies();
    message.attempt = 9;
    for (const char* rule : {R"([{"at": "RCPT", "index": 1, "reply": "421 4.3.2 closing"}])",
                             R"([{"at": "RCPT", "index": 1, "drop": "before"}])"}) {
        const DeliveryReport report = send_by_plan(rule, message);
        EXPECT_EQ(report.verdict, Verdict::RetryLater);
        EXPECT_TRUE(report.copies_refused.empty());
        EXPECT_TRUE(plain_server().messages().empty());
    }
}

TEST(SmtpGuard, AnAddressThatIsNoneNeverReachesTheServer) {
    plain_server().set_plan("[]");
    const auto channel = open(settings_for(plain_server()));
    const std::vector<std::string> bad{"u1@x.example>\r\nRCPT TO:<evil@x.example",
                                       "kari@hamar.example\n",
                                       "kari@hamar.example\r",
                                       "<kari@hamar.example>",
                                       "kari hamar@x.example",
                                       "k\xC3\xA5ri@hamar.example",
                                       std::string{"kari@hamar.example\0", 19},
                                       "",
                                       "kari"};
    for (const auto& address : bad) {
        Envelope message = envelope();
        message.to = {address};
        const DeliveryReport report = channel->send(message);
        EXPECT_EQ(report.verdict, Verdict::Refused) << address;
        EXPECT_TRUE(report.recipient_refused) << address;
        message.to = {"kari@hamar.example", address};
        EXPECT_EQ(channel->send(message).verdict, Verdict::Refused) << address;
        message = envelope();
        message.from = address;
        EXPECT_EQ(channel->send(message).verdict, Verdict::Refused) << address;
        EXPECT_FALSE(channel->send(message).recipient_refused) << address;
    }
    EXPECT_TRUE(plain_server().transcript().empty());
}

TEST(SmtpSecure, LogsInOverStartTls) {
    for (const char* mechanism : {"PLAIN", "LOGIN"}) {
        SmtpServer server{{.tls = Tls::StartTls,
                           .user = "fristvakt",
                           .password = kPassword,
                           .auth_required = true,
                           .mechanisms = {mechanism}}};
        const auto channel = open(with_login(settings_for(server)));
        EXPECT_EQ(channel->send(envelope()).verdict, Verdict::Delivered) << mechanism;
        EXPECT_EQ(channel->send(envelope()).verdict, Verdict::Delivered) << mechanism;
        const auto transcript = server.transcript();
        EXPECT_EQ(count(transcript, "STARTTLS"), 1U);
        EXPECT_EQ(count(transcript, "AUTH " + std::string{mechanism}), 1U);
        EXPECT_EQ(server.messages().size(), 2U);
    }
}

TEST(SmtpSecure, SpeaksImplicitTls) {
    SmtpServer server{
        {.tls = Tls::Implicit, .user = "fristvakt", .password = kPassword, .auth_required = true}};
    const auto channel = open(with_login(settings_for(server)));
    EXPECT_EQ(channel->send(envelope()).verdict, Verdict::Delivered);
    EXPECT_EQ(server.messages().size(), 1U);
}

TEST(SmtpSecure, AWrongPasswordIsToldWithoutIt) {
    secure_server().set_plan("[]");
    const auto channel = open(with_login(settings_for(secure_server()), "wrong-and-never-shown"));
    const DeliveryReport report = channel->send(envelope());
    EXPECT_EQ(report.verdict, Verdict::RetryLater);
    EXPECT_EQ(report.reply, "535 5.7.8 the server refused the log-in");
    EXPECT_TRUE(secure_server().messages().empty());
}

class SmtpAuthRefusal : public testing::TestWithParam<const char*> {};

TEST_P(SmtpAuthRefusal, IsForAnOperatorToMendAndRepeatsNothing) {
    secure_server().set_plan(std::string{R"([{"at": "AUTH", "reply": ")"} + GetParam() +
                             " AGZyaXN0dmFrdAA hunter2-never-shown\"}]");
    const auto channel = open(with_login(settings_for(secure_server())));
    const DeliveryReport report = channel->send(envelope());
    EXPECT_EQ(report.verdict, Verdict::RetryLater);
    EXPECT_FALSE(report.recipient_refused);
    EXPECT_EQ(report.reply.find("hunter2"), std::string::npos) << report.reply;
    EXPECT_EQ(report.reply.find("AGZ"), std::string::npos) << report.reply;
    EXPECT_EQ(report.reply.substr(0, 3), std::string{GetParam()}.substr(0, 3));
}

INSTANTIATE_TEST_SUITE_P(Table, SmtpAuthRefusal,
                         testing::Values("421 4.3.2", "432 4.7.12", "454 4.7.0", "500 5.5.1",
                                         "534 5.7.9", "535 5.7.8", "550 5.7.30"),
                         [](const auto& test) {
                             return "reply_" + std::string{test.param}.substr(0, 3);
                         });

TEST(SmtpSecure, WithoutLogInWhereOneIsAskedForNothingIsLost) {
    secure_server().set_plan("[]");
    const DeliveryReport report = open(settings_for(secure_server()))->send(envelope());
    EXPECT_EQ(report.verdict, Verdict::RetryLater);
    EXPECT_EQ(report.reply.substr(0, 3), "530");
}

TEST(SmtpSecure, StartTlsNotOfferedMeansNothingIsSaid) {
    SmtpServer server{{.user = "fristvakt", .password = kPassword}};
    SmtpSettings settings = with_login(settings_for(server));
    settings.starttls = SmtpSettings::StartTls::Required;
    const DeliveryReport report = open(settings)->send(envelope());
    EXPECT_EQ(report.verdict, Verdict::RetryLater);
    EXPECT_EQ(report.reply, "the mail server offers no encryption; nothing was sent");
    const auto transcript = server.transcript();
    EXPECT_EQ(count(transcript, "AUTH"), 0U);
    EXPECT_EQ(count(transcript, "MAIL"), 0U);
}

TEST(SmtpSecure, StartTlsRefusedMeansNothingIsSaid) {
    for (const char* reply : {"454 4.7.0 TLS not available", "501 5.5.4 no"}) {
        secure_server().set_plan(std::string{R"([{"at": "STARTTLS", "reply": ")"} + reply + "\"}]");
        const DeliveryReport report =
            open(with_login(settings_for(secure_server())))->send(envelope());
        EXPECT_EQ(report.verdict, Verdict::RetryLater);
        EXPECT_EQ(report.reply, reply);
        EXPECT_EQ(count(secure_server().transcript(), "AUTH"), 0U);
        EXPECT_EQ(count(secure_server().transcript(), "MAIL"), 0U);
    }
}

TEST(SmtpSecure, AServerThatRefusesToSayWhatItCanIsTriedLater) {
    for (const char* reply : {"421 4.3.2 too busy", "502 5.5.1 what", "554 5.7.1 go away"}) {
        secure_server().set_plan(std::string{R"([{"at": "EHLO", "reply": ")"} + reply + "\"}]");
        const DeliveryReport report = open(settings_for(secure_server()))->send(envelope());
        EXPECT_EQ(report.verdict, Verdict::RetryLater);
        EXPECT_EQ(report.reply, reply);
        EXPECT_EQ(count(secure_server().transcript(), "MAIL"), 0U);
    }
}

TEST(Smtp, AServerWithoutExtensionsIsSpokenToPlainlyWhereThatIsAllowed) {
    EXPECT_EQ(send_by_plan(R"([{"at": "EHLO", "reply": "502 5.5.1 what"}])").verdict,
              Verdict::Delivered);
    const DeliveryReport report = send_by_plan(R"([{"at": "EHLO", "reply": "502 5.5.1 what"},
                         {"at": "HELO", "reply": "554 5.7.1 go away"}])");
    EXPECT_EQ(report.verdict, Verdict::RetryLater);
    EXPECT_EQ(report.reply, "554 5.7.1 go away");
}

TEST(SmtpSecure, ACertificateNobodyTrustsIsRefused) {
    secure_server().set_plan("[]");
    SmtpSettings settings = with_login(settings_for(secure_server()));
    settings.ca_file.clear();  // The system's.
    const DeliveryReport report = open(settings)->send(envelope());
    EXPECT_EQ(report.verdict, Verdict::RetryLater);
    EXPECT_EQ(report.reply, "the certificate of the mail server is not trusted, or is another's");
    EXPECT_EQ(count(secure_server().transcript(), "AUTH"), 0U);
    EXPECT_EQ(count(secure_server().transcript(), "MAIL"), 0U);
}

TEST(SmtpSecure, ACertificateOfAnotherNameIsRefused) {
    for (const Tls tls : {Tls::StartTls, Tls::Implicit}) {
        SmtpServer server{{.tls = tls, .certificate_name = "other.example"}};
        const DeliveryReport report = open(settings_for(server))->send(envelope());
        EXPECT_EQ(report.verdict, Verdict::RetryLater);
        EXPECT_EQ(report.reply,
                  "the certificate of the mail server is not trusted, or is another's");
        EXPECT_EQ(count(server.transcript(), "MAIL"), 0U);
    }
}

TEST(SmtpSecure, ACaFileThatIsNoneIsToldPlainly) {
    secure_server().set_plan("[]");
    SmtpSettings settings = settings_for(secure_server());
    settings.ca_file = "/nonexistent.pem";
    const DeliveryReport report = open(settings)->send(envelope());
    EXPECT_EQ(report.verdict, Verdict::RetryLater);
    EXPECT_EQ(report.reply, "the file named by ca_file cannot be used");
}

TEST(Smtp, ACrashedServerIsTriedLater) {
    SmtpSettings settings;
    {
        const SmtpServer server;
        settings = settings_for(server);
    }
    const DeliveryReport report = open(settings)->send(envelope());
    EXPECT_EQ(report.verdict, Verdict::RetryLater);
    EXPECT_EQ(report.reply, "no connection to the mail server");
    EXPECT_FALSE(report.uncertain);
}

TEST(Smtp, AStopBreaksOffASendInProgress) {
    std::stop_source source;
    plain_server().set_plan(R"([{"at": "END", "stall": true}])");
    const auto channel = open(settings_for(plain_server()), {.stop = source.get_token()});
    DeliveryReport report;
    std::thread sender{[&] { report = channel->send(envelope()); }};
    EXPECT_EQ(plain_server().wait_for(1).size(), 1U);
    source.request_stop();
    sender.join();
    EXPECT_EQ(report.verdict, Verdict::RetryLater);
    EXPECT_TRUE(report.uncertain);
    EXPECT_EQ(report.reply, "broken off: the program is stopping");
}

TEST(Smtp, OpenRefusesWhatCannotWork) {
    SmtpSettings settings;
    settings.url = "http://127.0.0.1:1";
    EXPECT_FALSE(SmtpChannel::open(settings).ok());
    settings.url = "smtp://127.0.0.1:1";
    EXPECT_TRUE(SmtpChannel::open(settings).ok());
    settings.user = "fristvakt";
    settings.password = {.kind = workflows::SecretReference::Kind::File,
                         .name = "/nonexistent/secret"};
    const auto channel = SmtpChannel::open(settings);
    ASSERT_FALSE(channel.ok());
    EXPECT_NE(channel.error().message.find("mail.smtp.password: file /nonexistent/secret"),
              std::string::npos);
}

}  // namespace
}  // namespace fristvakt::integrations

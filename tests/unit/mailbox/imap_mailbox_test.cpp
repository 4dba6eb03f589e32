#include "integrations/mailbox/imap_mailbox.hpp"

#include <cstdlib>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/servers/imap_server.hpp"

namespace fristvakt::integrations {
namespace {

using namespace std::chrono_literals;
using tests::ImapServer;
using tests::ImapServerOptions;
using workflows::ErrorKind;
using workflows::MailboxProgress;
using workflows::MailboxReading;
using workflows::MailboxSettings;
using workflows::Result;
using workflows::SkippedMessage;
using Tls = ImapServerOptions::Tls;

MailboxSettings settings_for(const ImapServer& server, const std::string& folder = "INBOX") {
    ::setenv("FRISTVAKT_TEST_MAILBOX", ImapServerOptions{}.password.c_str(),
             1);  // NOLINT(concurrency-mt-unsafe)
    MailboxSettings out;
    out.url = server.url();
    out.ca_file = server.ca_file();
    out.starttls = server.ca_file().empty() ? MailboxSettings::StartTls::Off
                                            : MailboxSettings::StartTls::Required;
    out.user = ImapServerOptions{}.user;
    out.password = {.kind = workflows::SecretReference::Kind::Environment,
                    .name = "FRISTVAKT_TEST_MAILBOX"};
    out.folder = folder;
    return out;
}

/// One server for all that do not need one of their own; each test has a folder of its own there.
ImapServer& server() {
    static ImapServer instance;
    return instance;
}

Result<MailboxReading> look(const MailboxSettings& settings, const MailboxProgress& progress,
                            const ImapOptions& options = {}) {
    return ImapMailbox{settings, options}.read(progress);
}

MailboxReading good(const Result<MailboxReading>& reading) {
    EXPECT_TRUE(reading.ok()) << (reading.ok() ? "" : reading.error().message);
    return reading.ok() ? reading.value() : MailboxReading{};
}

std::vector<std::string> bytes_of(const MailboxReading& reading) {
    std::vector<std::string> out;
    for (const auto& message : reading.messages) {
        out.push_back(message.bytes);
    }
    return out;
}

std::string message(const std::string& body) {
    return "Subject: Svar\r\n\r\n" + body + "\r\n";
}

/// What an operator may see: where, and nothing that anybody must keep to themselves.
void expect_discreet(const Result<MailboxReading>& reading, const std::string& says) {
    ASSERT_FALSE(reading.ok());
    const std::string& text = reading.error().message;
    EXPECT_NE(text.find(says), std::string::npos) << text;
    EXPECT_EQ(text.find("hunter2"), std::string::npos) << text;
    EXPECT_EQ(text.find('@'), std::string::npos) << text;
}

TEST(ImapMailbox, ReadsWhatIsNewOnceAndLeavesTheBoxAsItIs) {
    const auto settings = settings_for(server(), "once");
    server().append({message("en"), message("to")}, "once");
    const auto first = good(look(settings, {}));
    EXPECT_EQ(bytes_of(first), (std::vector{message("en"), message("to")}));
    EXPECT_FALSE(first.has_more);
    EXPECT_FALSE(first.began_anew);
    EXPECT_NE(first.progress.uid_validity, 0U);
    EXPECT_EQ(first.progress.last_uid, first.messages.back().uid);

    const auto nothing = good(look(settings, first.progress));
    EXPECT_TRUE(nothing.messages.empty());
    EXPECT_EQ(nothing.progress, first.progress);

    server().append({message("tre")}, "once");
    EXPECT_EQ(bytes_of(good(look(settings, first.progress))), std::vector{message("tre")});
    for (const auto& [uid, flags] : server().flags("once")) {
        EXPECT_TRUE(flags.empty()) << uid;
    }
}

TEST(ImapMailbox, GivesTheBytesAsTheyAre) {
    std::string odd = "Subject: x\r\n\r\n)\r\nf3 OK done\r\n{5}\r\n* 1 FETCH (UID 9)\r\n";
    for (int byte = 1; byte < 256; ++byte) {
        odd += static_cast<char>(byte == '\r' || byte == '\n' ? ' ' : byte);
    }
    odd += "\r\n" + std::string(300'000, 'x') + "\r\n";
    server().append({odd, message("etter")}, "odd");
    EXPECT_EQ(bytes_of(good(look(settings_for(server(), "odd"), {}))),
              (std::vector{odd, message("etter")}));
}

TEST(ImapMailbox, AnEmptyFolderAndOneThatWasEmptied) {
    const auto settings = settings_for(server(), "emptied");
    server().append({}, "emptied");
    EXPECT_TRUE(good(look(settings, {})).messages.empty());
    server().append({message("en"), message("to")}, "emptied");
    server().remove({1, 2}, "emptied");
    EXPECT_TRUE(good(look(settings, {})).messages.empty());
    server().append({message("tre")}, "emptied");
    EXPECT_EQ(bytes_of(good(look(settings, {}))), std::vector{message("tre")});
}

TEST(ImapMailbox, TakesALimitedNumberAtOneLook) {
    const auto settings = settings_for(server(), "number");
    std::vector<std::string> all;
    for (int i = 0; i < 7; ++i) {
        all.push_back(message(std::to_string(i)));
    }
    server().append(all, "number");
    std::vector<std::string> seen;
    MailboxReading reading;
    int looks = 0;
    do {
        reading = good(look(settings, reading.progress, {.messages_max = 3}));
        EXPECT_LE(reading.messages.size(), 3U);
        for (const std::string& one : bytes_of(reading)) {
            seen.push_back(one);
        }
    } while (reading.has_more && ++looks < 10);
    EXPECT_EQ(seen, all);
    EXPECT_EQ(looks, 2);
}

TEST(ImapMailbox, StopsWhenItHasReadEnoughBytes) {
    const auto settings = settings_for(server(), "bytes");
    server().append(std::vector<std::string>(4, message(std::string(1'000, 'a'))), "bytes");
    const auto reading = good(look(settings, {}, {.bytes_max = 1'500}));
    EXPECT_EQ(reading.messages.size(), 2U);
    EXPECT_TRUE(reading.has_more);
    EXPECT_EQ(good(look(settings, reading.progress)).messages.size(), 2U);
}

TEST(ImapMailbox, SkipsABigMessageAndSaysSo) {
    const auto settings = settings_for(server(), "big");
    server().append({message("en"), message(std::string(2'000, 'a')), message("to")}, "big");
    const auto reading = good(look(settings, {}, {.message_bytes_max = 1'000}));
    EXPECT_EQ(bytes_of(reading), (std::vector{message("en"), message("to")}));
    ASSERT_EQ(reading.skipped.size(), 1U);
    EXPECT_EQ(reading.skipped[0], (SkippedMessage{2, SkippedMessage::Why::TooBig}));
    EXPECT_EQ(reading.progress.last_uid, 3U);
}

TEST(ImapMailbox, BeginsAnewWhenTheFolderIsAnother) {
    const auto settings = settings_for(server(), "renewed");
    server().append({message("en"), message("to")}, "renewed");
    const auto before = good(look(settings, {}));
    server().renew("renewed");
    server().append({message("tre")}, "renewed");
    const auto after = good(look(settings, before.progress));
    EXPECT_TRUE(after.began_anew);
    EXPECT_EQ(bytes_of(after), std::vector{message("tre")});
    EXPECT_NE(after.progress.uid_validity, before.progress.uid_validity);
}

TEST(ImapMailbox, FoldersHaveNorwegianNamesAndQuotes) {
    // As the server knows it: modified UTF-7, by hand.
    server().append({message("en")}, "M&APg-tesvar \"b\" &- &2Dzf6Q-");
    EXPECT_EQ(good(look(settings_for(server(), "Møtesvar \"b\" & 🏩"), {})).messages.size(), 1U);
}

TEST(ImapMailbox, ThreeThousandMessagesComeInOrderAndEachOnce) {
    const auto settings = settings_for(server(), "many");
    std::vector<std::string> all;
    for (int i = 0; i < 3'000; ++i) {
        all.push_back(message(std::to_string(i)));
    }
    server().append(all, "many");
    std::vector<std::uint32_t> removed;
    for (std::uint32_t uid = 1'000; uid < 2'000; ++uid) {
        removed.push_back(uid);  // A gap that several windows fit into.
    }
    server().remove(removed, "many");
    all.erase(all.begin() + 999, all.begin() + 1'999);
    std::vector<std::string> seen;
    MailboxReading reading;
    do {
        reading = good(look(settings, reading.progress, {.messages_max = 70}));
        for (const std::string& one : bytes_of(reading)) {
            seen.push_back(one);
        }
    } while (reading.has_more && seen.size() < 4'000);
    EXPECT_EQ(seen, all);
    // And all of them at one look.
    EXPECT_EQ(good(look(settings, {}, {.messages_max = 10'000})).messages.size(), 2'000U);
}

TEST(ImapMailbox, GoesOnWhereTheServerWasLostWhereverThatWas) {
    const auto settings = settings_for(server(), "lost");
    std::vector<std::string> all;
    for (int i = 0; i < 5; ++i) {
        all.push_back(message(std::string(100, static_cast<char>('a' + i))));
    }
    server().append(all, "lost");
    std::size_t failures = 0;
    std::size_t partly = 0;
    for (std::size_t bytes = 0; bytes < 3'000; bytes += 97) {
        server().cut_after(bytes);
        const auto first = look(settings, {});
        server().cut_after(std::nullopt);
        failures += first.ok() ? 0 : 1;
        MailboxReading read = first.ok() ? first.value() : MailboxReading{};
        partly += first.ok() && read.messages.size() < all.size() ? 1 : 0;
        auto seen = bytes_of(read);
        for (const std::string& one : bytes_of(good(look(settings, read.progress)))) {
            seen.push_back(one);
        }
        EXPECT_EQ(seen, all) << bytes;
        EXPECT_TRUE(first.ok() || first.error().kind == ErrorKind::Unavailable);
    }
    EXPECT_GT(failures, 5U);
    EXPECT_GT(partly, 3U);
}

/// Before anything is said, and in the middle of what is said of the folder.
constexpr std::size_t kSilentFrom[] = {0, 1'000};

TEST(ImapMailbox, AServerThatFallsSilentIsGivenUpOn) {
    const auto settings = settings_for(server(), "silent");
    server().append({message("en")}, "silent");
    for (const std::size_t bytes : kSilentFrom) {
        server().stall_after(bytes);
        const auto reading =
            look(settings, {},
                 {.times = {.connect = bytes == 0 ? 300ms : ImapTimes{}.connect, .total = 300ms}});
        server().cut_after(std::nullopt);
        expect_discreet(reading, "no answer in time");
    }
}

TEST(ImapMailbox, IsBrokenOffWhenTheProgramStops) {
    const auto settings = settings_for(server(), "stopped");
    server().append({message("en")}, "stopped");
    for (const std::size_t bytes : kSilentFrom) {
        server().stall_after(bytes);
        std::stop_source stop;
        Result<MailboxReading> reading{MailboxReading{}};
        std::thread reader{[&] { reading = look(settings, {}, {.stop = stop.get_token()}); }};
        server().wait_for_stall();
        stop.request_stop();
        reader.join();
        server().cut_after(std::nullopt);
        expect_discreet(reading, "stopping");
    }
}

TEST(ImapMailbox, ReadsOverTls) {
    for (const Tls tls : {Tls::StartTls, Tls::Implicit}) {
        ImapServer secure{{.tls = tls}};
        secure.append({message(std::string(100'000, 'a'))});
        auto settings = settings_for(secure);
        EXPECT_EQ(good(look(settings, {})).messages.size(), 1U);
        // Another's certificate, as far as this machine knows.
        settings.ca_file.clear();
        expect_discreet(look(settings, {}), "certificate");
    }
}

TEST(ImapMailbox, ACertificateMustBeMadeOutToTheServer) {
    ImapServer other{{.tls = Tls::Implicit, .certificate_name = "other.example"}};
    expect_discreet(look(settings_for(other), {}), "certificate");
}

TEST(ImapMailbox, SaysNothingInTheClearUnlessToldTo) {
    auto settings = settings_for(server());
    settings.starttls = MailboxSettings::StartTls::Required;
    expect_discreet(look(settings, {}), "no encryption");
    settings.starttls = MailboxSettings::StartTls::Off;
    settings.url = "imap://post.example:143";
    const auto reading = look(settings, {});
    expect_discreet(reading, "in the clear");
    EXPECT_EQ(reading.error().kind, ErrorKind::InvalidInput);
}

TEST(ImapMailbox, AWrongPasswordIsToldWithoutIt) {
    auto settings = settings_for(server());
    ::setenv("FRISTVAKT_TEST_WRONG", "hunter2-wrong", 1);  // NOLINT(concurrency-mt-unsafe)
    settings.password.name = "FRISTVAKT_TEST_WRONG";
    expect_discreet(look(settings, {}), "refused the log-in");
    settings.password.name = "FRISTVAKT_TEST_NOT_SET";
    expect_discreet(look(settings, {}), "mailbox.password");
}

TEST(ImapMailbox, SaysWhatIsWrongWithTheAddressOrTheFolder) {
    auto settings = settings_for(server(), "nowhere");
    expect_discreet(look(settings, {}), "`nowhere`");
    settings.url = "http://127.0.0.1";
    expect_discreet(look(settings, {}), "imaps://");
    settings.url = "imap://127.0.0.1:1";
    expect_discreet(look(settings, {}), "no connection");
}

}  // namespace
}  // namespace fristvakt::integrations

#include "daemon/mailbox/mailbox_watch.hpp"

#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "integrations/mailbox/imap_mailbox.hpp"
#include "tests/servers/imap_server.hpp"
#include "tests/temporary_folder.hpp"

namespace fristvakt::daemon {
namespace {

using tests::ImapServer;
using tests::ImapServerOptions;
using workflows::Definitions;
using workflows::Done;
using workflows::MailboxSettings;

std::string answer(const std::string& comment) {
    return "From: kari@gjovik.example\r\nAuto-Submitted: auto-generated\r\n"
           "Content-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n"
           "BEGIN:VEVENT\r\nUID:fristvakt/sf/p/m/2021-var\r\nDTSTAMP:20210121T093000Z\r\nCOMMENT:" +
           comment +
           "\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:kari@gjovik.example\r\nEND:VEVENT\r\n"
           "END:VCALENDAR\r\n";
}

/// What was handed over, for a test that waits for it.
class Taken {
 public:
    void add(const std::string& comment) {
        const std::scoped_lock lock{mutex_};
        all_.push_back(comment);
        changed_.notify_all();
    }
    std::vector<std::string> wait(std::size_t count) {
        std::unique_lock lock{mutex_};
        (void)changed_.wait_for(lock, std::chrono::minutes{1},
                                [&] { return all_.size() >= count; });
        return all_;
    }

 private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> all_;
};

class Watch : public testing::Test {
 protected:
    std::unique_ptr<MailboxWatch> watch() {
        return std::make_unique<MailboxWatch>(
            clock_, [this] { return definitions_.with([](const auto& one) { return one; }); },
            [](const MailboxSettings& settings, std::stop_token stop) {
                return std::make_unique<integrations::ImapMailbox>(
                    settings, integrations::ImapOptions{.stop = std::move(stop)});
            },
            [this](const InvitationReply& reply) -> workflows::Status {
                taken_.add(reply.comment);
                return Done{};
            },
            MailboxRounds::Options{.progress_file = folder_ / "mailbox.json"});
    }
    void use(const ImapServer* server) {
        auto definitions = std::make_shared<Definitions>();
        definitions->installation.organisation = "sf";
        if (server != nullptr) {
            ::setenv("FRISTVAKT_TEST_MAILBOX", ImapServerOptions{}.password.c_str(),
                     1);  // NOLINT(concurrency-mt-unsafe)
            auto& mailbox = definitions->installation.mailbox.emplace();
            mailbox.url = server->url();
            mailbox.starttls = MailboxSettings::StartTls::Off;
            mailbox.user = ImapServerOptions{}.user;
            mailbox.password = {.kind = workflows::SecretReference::Kind::Environment,
                                .name = "FRISTVAKT_TEST_MAILBOX"};
            mailbox.every = std::chrono::hours{1};
        }
        definitions_.with([&](auto& one) { one = std::move(definitions); });
    }

    tests::TemporaryFolder folder_;
    SystemClock clock_;
    integrations::Guarded<std::shared_ptr<const Definitions>> definitions_;
    Taken taken_;
};

TEST_F(Watch, BringsAnswersOfARealServerOnceAlsoAfterARestart) {
    ImapServer server;
    use(&server);
    server.append({answer("en"), "From: a@b.example\r\n\r\nHei\r\n", answer("to")});
    {
        const auto one = watch();
        EXPECT_EQ(taken_.wait(2), (std::vector<std::string>{"en", "to"}));
        server.append({answer("tre")});
        one->look_now();
        EXPECT_EQ(taken_.wait(3).size(), 3U);
    }
    server.append({answer("fire")});
    const auto another = watch();
    EXPECT_EQ(taken_.wait(4), (std::vector<std::string>{"en", "to", "tre", "fire"}));
}

TEST_F(Watch, BeginsWhenAMailboxIsConfiguredAndStopsInTheMiddleOfALook) {
    use(nullptr);
    const auto one = watch();
    one->look_now();
    ImapServer server;
    server.append({answer("en")});
    use(&server);
    one->look_now();
    EXPECT_EQ(taken_.wait(1).size(), 1U);
    server.stall_after(1'000);
    one->look_now();
    server.wait_for_stall();
    // Its end, with the test's, does not wait for that.
}

}  // namespace
}  // namespace fristvakt::daemon

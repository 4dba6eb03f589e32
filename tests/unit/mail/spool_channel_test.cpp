#include "integrations/mail/spool_channel.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "tests/temporary_folder.hpp"

namespace fristvakt::integrations {
namespace {

namespace fs = std::filesystem;
using workflows::DeliveryReport;
using workflows::Envelope;
using workflows::Verdict;

class Spool : public testing::Test {
 protected:
    [[nodiscard]] fs::path maildir() const { return folder_ / "spool"; }
    [[nodiscard]] std::vector<std::string> names_in(const char* sub) const {
        std::vector<std::string> out;
        for (const auto& entry : fs::directory_iterator{maildir() / sub}) {
            out.push_back(entry.path().filename().string());
        }
        std::sort(out.begin(), out.end());
        return out;
    }
    static std::string content_of(const fs::path& file) {
        std::ifstream in{file, std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }

    tests::TemporaryFolder folder_;
};

Envelope envelope(std::int64_t number = 42) {
    return {.number = number,
            .message_id = "m" + std::to_string(number) + ".1@sf.example",
            .from = "fristvakt@sf.example",
            .to = {"kari@hamar.example", "ola@hamar.example"},
            .bytes = "Subject: Frist\r\n\r\n.\r\nHei\r\n",
            .at = {}};
}

TEST_F(Spool, WritesTheBytesAsTheyAreForTheOwnerAlone) {
    SpoolChannel channel{maildir()};
    const DeliveryReport report = channel.send(envelope());
    EXPECT_EQ(report.verdict, Verdict::Delivered);
    EXPECT_EQ(report.number, 42);
    EXPECT_EQ(report.reply, "250 spooled as " + spool_name(envelope()));
    ASSERT_EQ(names_in("new"), std::vector<std::string>{spool_name(envelope())});
    const fs::path file = maildir() / "new" / spool_name(envelope());
    EXPECT_EQ(content_of(file), envelope().bytes);
    struct stat status {};
    ASSERT_EQ(::stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    ASSERT_EQ(::stat(maildir().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0700U);
    EXPECT_TRUE(names_in("tmp").empty());
}

TEST_F(Spool, NamesFollowNumberAndMessageIdAlone) {
    Envelope other = envelope();
    other.bytes = "another";
    other.at += std::chrono::hours{5};
    other.attempt = 3;
    EXPECT_EQ(spool_name(envelope()), spool_name(other));
    other.message_id = "m42.2@sf.example";
    EXPECT_NE(spool_name(envelope()), spool_name(other));
    EXPECT_LT(spool_name(envelope(9)), spool_name(envelope(10)));
    EXPECT_LT(spool_name(envelope(999999999)), spool_name(envelope(1000000000)));
}

TEST_F(Spool, AResendMakesNoSecondFile) {
    SpoolChannel first{maildir()};
    EXPECT_EQ(first.send(envelope()).verdict, Verdict::Delivered);
    EXPECT_EQ(first.send(envelope()).verdict, Verdict::Delivered);
    SpoolChannel after_restart{maildir()};
    EXPECT_EQ(after_restart.send(envelope()).verdict, Verdict::Delivered);
    EXPECT_EQ(names_in("new").size(), 1U);
}

TEST_F(Spool, AResendLeavesAloneWhatAReaderHasTaken) {
    SpoolChannel channel{maildir()};
    ASSERT_EQ(channel.send(envelope()).verdict, Verdict::Delivered);
    ASSERT_EQ(channel.send(envelope(43)).verdict, Verdict::Delivered);
    const std::string name = spool_name(envelope());
    fs::rename(maildir() / "new" / name, maildir() / "cur" / (name + ":2,RS"));
    for (int attempt = 0; attempt < 2; ++attempt) {
        EXPECT_EQ(channel.send(envelope()).verdict, Verdict::Delivered);
        EXPECT_EQ(names_in("new"), std::vector<std::string>{spool_name(envelope(43))});
        EXPECT_EQ(names_in("cur").size(), 1U);
    }
    SpoolChannel after_restart{maildir()};
    EXPECT_EQ(after_restart.send(envelope()).verdict, Verdict::Delivered);
    EXPECT_EQ(names_in("new").size(), 1U);
}

TEST_F(Spool, WhatACrashLeftInTmpIsWrittenOver) {
    SpoolChannel channel{maildir()};
    ASSERT_EQ(channel.send(envelope(1)).verdict, Verdict::Delivered);
    std::ofstream{maildir() / "tmp" / spool_name(envelope())} << std::string(1000, 'x');
    EXPECT_EQ(channel.send(envelope()).verdict, Verdict::Delivered);
    EXPECT_EQ(content_of(maildir() / "new" / spool_name(envelope())), envelope().bytes);
    EXPECT_TRUE(names_in("tmp").empty());
}

TEST_F(Spool, AMissingFolderAboveIsToldAndTriedAgain) {
    SpoolChannel channel{folder_ / "gone" / "spool"};
    DeliveryReport report = channel.send(envelope());
    EXPECT_EQ(report.verdict, Verdict::RetryLater);
    EXPECT_EQ(report.reply, "spool: the folder was not made: No such file or directory");
    fs::create_directory(folder_ / "gone");
    EXPECT_EQ(channel.send(envelope()).verdict, Verdict::Delivered);
}

TEST_F(Spool, AFolderRemovedWhileRunningIsMadeAgain) {
    SpoolChannel channel{maildir()};
    ASSERT_EQ(channel.send(envelope(1)).verdict, Verdict::Delivered);
    fs::remove_all(maildir());
    EXPECT_EQ(channel.send(envelope(2)).verdict, Verdict::Delivered);
    EXPECT_EQ(names_in("new").size(), 1U);
}

TEST_F(Spool, SomethingElseInTheWayIsToldPlainly) {
    SpoolChannel channel{maildir()};
    std::ofstream{maildir()} << "a file";
    const DeliveryReport report = channel.send(envelope());
    EXPECT_EQ(report.verdict, Verdict::RetryLater);
    EXPECT_EQ(report.reply, "spool: the message was not written: Not a directory");
}

/// Every write beyond `bytes` fails, as on a full disk.
class FileSizeLimit {
 public:
    explicit FileSizeLimit(rlim_t bytes) {
        (void)std::signal(SIGXFSZ, SIG_IGN);
        (void)::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit narrow{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
        (void)::setrlimit(RLIMIT_FSIZE, &narrow);
    }
    ~FileSizeLimit() { (void)::setrlimit(RLIMIT_FSIZE, &before_); }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
    rlimit before_{};
};

TEST_F(Spool, AHalfWrittenMessageIsNeverSeen) {
    SpoolChannel channel{maildir()};
    ASSERT_EQ(channel.send(envelope(1)).verdict, Verdict::Delivered);
    DeliveryReport report;
    {
        const FileSizeLimit full{10};
        report = channel.send(envelope(2));
    }
    EXPECT_EQ(report.verdict, Verdict::RetryLater);
    EXPECT_EQ(report.reply, "spool: the message was not written: File too large");
    EXPECT_EQ(names_in("new").size(), 1U);
    EXPECT_TRUE(names_in("tmp").empty());
    EXPECT_EQ(channel.send(envelope(2)).verdict, Verdict::Delivered);
}

TEST_F(Spool, AnAddressThatIsNoneIsRefusedAndNothingIsWritten) {
    SpoolChannel channel{maildir()};
    Envelope bad = envelope();
    bad.to = {"kari@hamar.example\r\nRCPT TO:<evil@x.example>"};
    const DeliveryReport report = channel.send(bad);
    EXPECT_EQ(report.verdict, Verdict::Refused);
    EXPECT_TRUE(report.recipient_refused);
    EXPECT_EQ(report.reply.find('@'), std::string::npos);
    bad = envelope();
    bad.bytes.clear();
    EXPECT_EQ(channel.send(bad).verdict, Verdict::Refused);
    bad = envelope();
    bad.to.clear();
    EXPECT_EQ(channel.send(bad).verdict, Verdict::Refused);
    bad = envelope();
    bad.to[1] = "ola@hamar.example\n";
    EXPECT_EQ(channel.send(bad).verdict, Verdict::Refused);
    EXPECT_FALSE(channel.send(bad).recipient_refused);
    bad = envelope();
    bad.from = "x";
    EXPECT_EQ(channel.send(bad).verdict, Verdict::Refused);
    EXPECT_FALSE(fs::exists(maildir()));
}

}  // namespace
}  // namespace fristvakt::integrations

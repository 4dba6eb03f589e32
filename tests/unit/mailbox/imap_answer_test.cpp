#include "integrations/mailbox/imap_answer.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace fristvakt::integrations {
namespace {

/// The answers in `bytes`, however they come in.
std::vector<ImapAnswer> answers_in(const std::string& bytes, std::size_t at_once,
                                   std::size_t literal_bytes_max = 1'000) {
    ImapAnswers answers{literal_bytes_max};
    std::vector<ImapAnswer> out;
    for (std::size_t at = 0; at < bytes.size(); at += at_once) {
        answers.add(std::string_view{bytes}.substr(at, at_once));
        while (true) {
            auto next = answers.next();
            if (!next.ok()) {
                out.push_back({"error: " + next.error().message, {}});
                return out;
            }
            if (!next.value()) {
                break;
            }
            out.push_back(*next.value());
        }
    }
    return out;
}

TEST(ImapAnswers, AreTheSameInPiecesOfAnySize) {
    const std::string bytes =
        "* OK [UIDNEXT 7] next\r\n* 1 FETCH (BODY[] {11}\r\na\r\nb\r\n)\r\n\r\nf {0}\r\n UID 3)\n"
        "f1 OK done\r\n";
    for (std::size_t at_once = 1; at_once <= bytes.size(); ++at_once) {
        const auto answers = answers_in(bytes, at_once);
        ASSERT_EQ(answers.size(), 3U);
        EXPECT_EQ(answers[0].text, "* OK [UIDNEXT 7] next");
        EXPECT_EQ(answers[1].text, "* 1 FETCH (BODY[] {11}f {0} UID 3)");
        EXPECT_EQ(answers[1].literals, (std::vector<std::string>{"a\r\nb\r\n)\r\n\r\n", ""}));
        EXPECT_EQ(answers[2].text, "f1 OK done");
    }
}

TEST(ImapAnswers, HaveLimits) {
    const std::string line(70'000, 'a');
    EXPECT_NE(answers_in(line, 1'000).at(0).text.find("too long"), std::string::npos);
    EXPECT_NE(answers_in(line + "\r\n", line.size() + 2).at(0).text.find("too long"),
              std::string::npos);
    EXPECT_NE(answers_in("* {1001}\r\n", 20).at(0).text.find("not asked for"), std::string::npos);
    EXPECT_NE(answers_in("* {99999999999999999999}\r\nx\r\n", 40).at(0).text.find("* {9"),
              std::string::npos);
    std::string many = "*";
    for (int i = 0; i < 9; ++i) {
        many += " {1}\r\na";
    }
    EXPECT_NE(answers_in(many + "\r\n", 7).at(0).text.find("not asked for"), std::string::npos);
}

TEST(ImapAnswers, TellHowACommandEnded) {
    EXPECT_FALSE(outcome_of("* OK done", "f1"));
    EXPECT_FALSE(outcome_of("f11 OK done", "f1"));
    EXPECT_EQ(outcome_of("f1 OK done", "f1")->kind, ImapOutcome::Kind::Ok);
    EXPECT_EQ(outcome_of("f1 ok", "f1")->kind, ImapOutcome::Kind::Ok);
    EXPECT_EQ(outcome_of("f1 No [inuse x] later", "f1")->kind, ImapOutcome::Kind::No);
    EXPECT_EQ(outcome_of("f1 No [inuse x] later", "f1")->code, "INUSE");
    EXPECT_EQ(outcome_of("f1 NO [", "f1")->code, "");
    EXPECT_EQ(outcome_of("f1 BAD what", "f1")->kind, ImapOutcome::Kind::Bad);
    EXPECT_EQ(outcome_of("f1", "f1")->kind, ImapOutcome::Kind::Bad);
}

TEST(ImapAnswers, TellNumbers) {
    EXPECT_EQ(number_in_code("* OK [UIDVALIDITY 3857529045] UIDs valid", "UIDVALIDITY"),
              3857529045U);
    EXPECT_EQ(number_in_code("* ok [uidnext 4392]", "UIDNEXT"), 4392U);
    EXPECT_FALSE(number_in_code("* OK [UIDNEXT 4392", "UIDVALIDITY"));
    EXPECT_FALSE(number_in_code("* OK [UIDNEXT x]", "UIDNEXT"));
    EXPECT_FALSE(number_in_code("* OK [UIDNEXT 4294967296]", "UIDNEXT"));
    EXPECT_EQ(number_before("* 172 EXISTS", "EXISTS"), 172U);
    EXPECT_FALSE(number_before("* 172 RECENT", "EXISTS"));
    EXPECT_FALSE(number_before("f1 172 EXISTS", "EXISTS"));
}

TEST(ImapAnswers, TellOfMessages) {
    const auto listed = fetch_in({"* 12 FETCH (UID 17 RFC822.SIZE 4711)", {}});
    ASSERT_TRUE(listed);
    EXPECT_EQ(listed->uid, 17U);
    EXPECT_EQ(listed->size, 4711U);
    EXPECT_FALSE(listed->body);

    const auto fetched =
        fetch_in({"* 1 fetch (FLAGS (\\Seen \"(\" (x)) BODY[]<0> {5} UID 9)", {"Hallo"}});
    ASSERT_TRUE(fetched);
    EXPECT_EQ(fetched->uid, 9U);
    EXPECT_EQ(fetched->body, "Hallo");

    EXPECT_EQ(fetch_in({"* 1 FETCH (UID 9 BODY[] \"a\\\"b\\\\\")", {}})->body, "a\"b\\");
    EXPECT_FALSE(fetch_in({"* 1 FETCH (UID 9 BODY[] NIL)", {}})->body);
    EXPECT_FALSE(fetch_in({"* 1 FETCH (UID 9 BODY[] {5})", {}})->body);
    EXPECT_EQ(fetch_in({"* 1 FETCH (X ({3}) UID 9 BODY[] {2})", {"abc", "de"}})->body, "de");
}

TEST(ImapAnswers, OfOtherThingsAreNoMessages) {
    for (const char* const text :
         {"", "*", "* 1", "* 1 FETCH", "* 1 FETCH (", "* 1 FETCH ()", "* 1 FETCH (FLAGS (\\Seen))",
          "* 1 FETCH (UID 0)", "* 1 FETCH (UID x)", "* 1 FETCH (UID 4294967296)",
          "* x FETCH (UID 1)", "f1 1 FETCH (UID 1)", "* 1 EXPUNGE", "* 1 FETCH (((((",
          "* 1 FETCH (\"", "* 1 FETCH (\" \"(", "* 1 FETCH (UID (1))", "* 1 FETCH ({3} {3})"}) {
        EXPECT_FALSE(fetch_in({text, {}})) << text;
    }
}

TEST(FolderArgument, IsQuotedAndInModifiedUtf7) {
    EXPECT_EQ(folder_argument("INBOX"), "\"INBOX\"");
    EXPECT_EQ(folder_argument("a \"b\" \\c"), "\"a \\\"b\\\" \\\\c\"");
    EXPECT_EQ(folder_argument("Møter & svar"), "\"M&APg-ter &- svar\"");
    // The example of RFC 3501 section 5.1.3.
    EXPECT_EQ(folder_argument("~peter/mail/台北/日本語"), "\"~peter/mail/&U,BTFw-/&ZeVnLIqe-\"");
    EXPECT_EQ(folder_argument("a\r\nb\x01"), "\"ab\"");
    EXPECT_EQ(folder_argument("\xFF"), "\"&,,0-\"");
}

}  // namespace
}  // namespace fristvakt::integrations

#include "integrations/sqlite/codec.hpp"

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include "tests/unit/store/arbitrary.hpp"
#include "tests/unit/store/store_support.hpp"

namespace fristvakt::tests {
namespace {

using namespace workflows;     // NOLINT(google-build-using-namespace)
using namespace integrations;  // NOLINT(google-build-using-namespace)

/// What stood before: what the test says, else nothing.
class Known final : public Before {
 public:
    const Case& case_before(const std::string& id) override {
        const auto found = cases.find(id);
        return found == cases.end() ? case_ = new_case(id) : found->second;
    }
    const Reminder& reminder_before(const Reminder& key) override {
        for (const Reminder& reminder : reminders) {
            if (reminder.same_key(key)) {
                return reminder;
            }
        }
        return reminder_ = new_reminder(key);
    }
    const Invitation& invitation_before(const Invitation& key) override {
        return invitation_ = new_invitation(key);
    }
    const Message& message_before(std::int64_t number) override {
        const auto found = messages.find(number);
        return found == messages.end() ? message_ = new_message(number) : found->second;
    }
    const Ledger& ledger_before() override { return ledger; }

    std::map<std::string, Case> cases;
    std::vector<Reminder> reminders;
    std::map<std::int64_t, Message> messages;
    Ledger ledger;

 private:
    Case case_;
    Reminder reminder_;
    Invitation invitation_;
    Message message_;
};

template <typename T>
void round_trip(const T& value, const T& base) {
    const std::string text = encode(value, base);
    const auto back = decode(text, base);
    RC_ASSERT(back.ok());
    RC_ASSERT(back.value() == value);
    RC_ASSERT(encode(back.value(), base) == text);
}

RC_GTEST_PROP(Codec, CasesComeBack, (const Case& value, Case base)) {
    round_trip(value, new_case(value.id));
    round_trip(value, base);
    round_trip(value, value);
}

RC_GTEST_PROP(Codec, RemindersComeBack, (const Reminder& value, Reminder base)) {
    base = [&] {
        Reminder same_key = new_reminder(value);
        same_key.notice = base.notice;
        same_key.copies = base.copies;
        same_key.account = base.account;
        same_key.message = base.message;
        return same_key;
    }();
    round_trip(value, new_reminder(value));
    round_trip(value, base);
}

RC_GTEST_PROP(Codec, InvitationsComeBack, (const Invitation& value)) {
    round_trip(value, new_invitation(value));
}

RC_GTEST_PROP(Codec, MessagesComeBack, (const Message& value, Message base)) {
    base.number = value.number;
    round_trip(value, new_message(value.number));
    round_trip(value, base);
}

RC_GTEST_PROP(Codec, LedgersComeBack, (const Ledger& value, const Ledger& base)) {
    round_trip(value, Ledger{});
    round_trip(value, base);
}

template <typename T>
std::vector<T> a_few() {
    return *rc::gen::container<std::vector<T>>(*rc::gen::inRange<std::size_t>(0, 4),
                                               rc::gen::arbitrary<T>());
}

RC_GTEST_PROP(Codec, EntriesComeBackWithWhatTheyChanged,
              (LogEntry entry, const Ledger& ledger, const Ledger& ledger_before,
               bool about_a_case)) {
    entry.change.cases = a_few<Case>();
    entry.change.messages = a_few<Message>();
    entry.change.reminders = a_few<Reminder>();
    for (std::size_t index = 0; index < entry.change.reminders.size(); ++index) {
        Reminder& reminder = entry.change.reminders[index];
        reminder.case_id = "a/b/" + std::to_string(index % 2);
    }
    entry.change.invitations = a_few<Invitation>();
    for (Invitation& invitation : entry.change.invitations) {
        invitation.case_id = "a/b/m";
    }
    entry.case_id = about_a_case ? "a/b/c" : "";
    entry.change.ledger = ledger;
    Known before;
    before.ledger = ledger_before;
    if (!entry.change.cases.empty()) {
        before.cases.emplace(entry.change.cases.back().id, entry.change.cases.back());
    }
    const std::string text = encode_payload(entry, "5ha", before);
    RC_ASSERT(nlohmann::json::accept(chained_bytes({1, entry.at, "", ""}, "{}")));
    const LogColumns columns{7, entry.at, entry.kind, entry.case_id};
    const auto back = decode_payload(text, columns, &before);
    RC_ASSERT(back.ok());
    RC_ASSERT(back.value().aside_sha256 == "5ha");
    const LogEntry& found = back.value().entry;
    RC_ASSERT(found.at == entry.at && found.kind == entry.kind && found.case_id == entry.case_id);
    RC_ASSERT(found.event == entry.event && found.from == entry.from && found.to == entry.to);
    RC_ASSERT(found.actor == entry.actor && found.data == entry.data);
    RC_ASSERT(found.change.cases == entry.change.cases);
    RC_ASSERT(found.change.reminders == entry.change.reminders);
    RC_ASSERT(found.change.messages == entry.change.messages);
    RC_ASSERT(found.change.ledger == entry.change.ledger);
    RC_ASSERT(found.change.invitations == entry.change.invitations);
    // Without the changes, for readers of the history.
    const auto short_one = decode_payload(text, columns, nullptr);
    RC_ASSERT(short_one.ok());
    RC_ASSERT(short_one.value().entry.data == entry.data);
}

RC_GTEST_PROP(Codec, AsidesComeBack, (const std::map<std::string, std::string>& aside)) {
    const auto back = decode_aside(encode_aside(aside, "nonce"));
    RC_ASSERT(back.ok());
    RC_ASSERT(back.value() == aside);
}

RC_GTEST_PROP(Codec, AnyBytesAreReadOrRefused, (const std::string& bytes, std::size_t place)) {
    Known before;
    static_cast<void>(decode(bytes, Case{}));
    static_cast<void>(decode_aside(bytes));
    static_cast<void>(decode_payload(bytes, {}, &before));
    // And bytes that were right but for one.
    std::string text = encode(sample_case("gjovik"), Case{});
    text[place % text.size()] = bytes.empty() ? '\0' : bytes.front();
    static_cast<void>(decode(text, Case{}));
    text.resize(place % text.size());
    RC_ASSERT(!decode(text, Case{}).ok());
}

TEST(Codec, WritesJson) {
    Case value = sample_case("gjovik");
    value.fields = {{"æ\"\\\n\t", "ø"}};
    const auto json = nlohmann::json::parse(encode(value, new_case(value.id)));
    EXPECT_EQ(json.at("s"), "awaited");
    EXPECT_EQ(json.at("x").at("æ\"\\\n\t"), "ø");
    EXPECT_FALSE(json.contains("c")) << "the id says the cohort";
    EXPECT_FALSE(json.contains("h")) << "a default is left out";
}

TEST(Codec, ANewCaseIsWhatItsIdSays) {
    struct Row {
        const char* id;
        const char* cohort;
        const char* requirement;
        const char* period;
        const char* debtor;
    };
    for (const Row& row :
         {Row{"pulje-5/plan/gjovik", "pulje-5", "plan", "", "gjovik"},
          Row{"pulje-5/rapport/2021/hamar", "pulje-5", "rapport", "2021", "hamar"},
          Row{"pulje-5", "", "", "", ""}, Row{"", "", "", "", ""}, Row{"a//", "a", "", "", ""}}) {
        const Case value = new_case(row.id);
        EXPECT_EQ(value.id, row.id);
        EXPECT_EQ(value.cohort, row.cohort) << row.id;
        EXPECT_EQ(value.requirement, row.requirement) << row.id;
        EXPECT_EQ(value.period, row.period) << row.id;
        EXPECT_EQ(value.debtor, row.debtor) << row.id;
    }
}

TEST(Codec, IsSmall) {
    Known before;
    LogEntry entry;
    entry.case_id = "pulje-5/plan/gjovik";
    entry.change.cases = {sample_case("gjovik")};
    EXPECT_LT(encode_payload(entry, "", before).size(), 260U);
    // And what only moves on is smaller still.
    before.cases.emplace(entry.case_id, entry.change.cases.front());
    entry.change.cases.front().next_at = at(99);
    EXPECT_LT(encode_payload(entry, "", before).size(), 40U);
}

/// Each row: what is stored of a derivation, and what stands there in nynorsk.
TEST(Codec, ADerivationIsStoredOnceWhereTheTwoGoTogether) {
    struct Row {
        const char* name;
        std::vector<std::string> nb;
        std::vector<std::string> nn;
        const char* stored;
    };
    const std::string moved = "lør 2026-11-28 + 14 dager = lør 2026-12-12";
    for (const Row& row : {
             Row{"usual words", {moved}, {"lau 2026-11-28 + 14 dagar = lau 2026-12-12"}, ",1]"},
             Row{"the same in both, as before there was a mark", {moved}, {moved}, "12\"]]"},
             Row{"other words", {moved}, {"ei anna"}, ",[\"ei anna\"]]"},
             Row{"nothing in nynorsk", {moved}, {}, ",[]]"},
         }) {
        Case value = sample_case("gjovik");
        value.due->because = {.nb = row.nb, .nn = row.nn};
        const std::string text = encode(value, new_case(value.id));
        EXPECT_NE(text.find(row.stored), std::string::npos) << row.name << ": " << text;
        const auto back = decode(text, new_case(value.id));
        ASSERT_TRUE(back.ok()) << row.name << ": " << back.error().message;
        EXPECT_EQ(back.value(), value) << row.name;
    }
}

/// What the program says of a deadline in nynorsk, made from what it says in bokmål.
TEST(Codec, KnowsTheWordsOfDerivations) {
    const auto zone = TimeZone::locate("Europe/Oslo");
    ASSERT_TRUE(zone.ok());
    for (const char* text :
         {"2026-11-28 + 14 days", "2026-11-29 + 3 weeks", "2026-03-16 + 5 working days",
          "2026-03-24 + 10 working days", "2026-01-31 + 1 month", "2026-02-28 + 13 months",
          "2024-02-29 + 1 year", "2026-12-23T10:00 + 48 hours", "2026-06-02 - 4 working days",
          "2026-08-04 - 1 week 12:00", "2026-11-23 + 1 day", "2026-11-25 + 1 day",
          "2026-11-27 + 1 day", "2026-11-28 + 1 day"}) {
        for (const FreeDayRule rule :
             {FreeDayRule::NextWorkingDay, FreeDayRule::PreviousWorkingDay, FreeDayRule::Keep}) {
            const auto expression = parse_deadline(text);
            ASSERT_TRUE(expression.ok()) << text;
            const auto deadline = evaluate(expression.value(), {}, rule, zone.value());
            ASSERT_TRUE(deadline.ok()) << text;
            Case value = sample_case("gjovik");
            value.due = deadline.value();
            EXPECT_EQ(encode(value, new_case(value.id)).find("\"],["), std::string::npos)
                << text << ": " << testing::PrintToString(value.due->because.nn);
        }
    }
}

TEST(Codec, NamesWhatIsWrong) {
    struct Row {
        const char* name;
        const char* text;
        const char* problem;
    };
    for (const Row& row : {
             Row{"unknown field", R"({"s":"awaited","zz":1})", "unknown or misplaced field \"zz\""},
             Row{"order", R"({"w":"plan","c":"x"})", "unknown or misplaced field \"c\""},
             Row{"twice", R"({"w":"plan","w":"plan"})", "unknown or misplaced field \"w\""},
             Row{"not a number", R"({"wv":"1"})", "expected a whole number"},
             Row{"not a boolean", R"({"fi":2})", "expected 0 or 1"},
             Row{"out of range", R"({"wv":99999999999})", "out of range"},
             Row{"space", R"({"s": "awaited"})", "expected '\"'"},
             Row{"end", R"({"s":"awaited"}x)", "more than was expected"},
             Row{"cut", R"({"s":"awai)", "a text without an end"},
             Row{"empty", "", "expected '{'"},
         }) {
        const auto value = decode(row.text, Case{});
        ASSERT_FALSE(value.ok()) << row.name;
        EXPECT_EQ(value.error().kind, ErrorKind::InvalidInput);
        EXPECT_NE(value.error().message.find(row.problem), std::string::npos)
            << row.name << ": " << value.error().message;
    }
    EXPECT_FALSE(decode(R"({"st":7})", Message{}).ok()) << "a state that does not exist";
    EXPECT_FALSE(decode(R"({"a":-1})", Reminder{}).ok());
}

TEST(Codec, ALaterFormatIsRefusedByName) {
    Known before;
    const auto later = decode_payload(R"({"v":2,"new":[1]})", {}, &before);
    ASSERT_FALSE(later.ok());
    EXPECT_NE(later.error().message.find("format 2"), std::string::npos) << later.error().message;
    EXPECT_NE(later.error().message.find("newer"), std::string::npos);
    EXPECT_TRUE(decode_payload(R"({"v":1,"e":"claimed"})", {}, &before).ok());
    EXPECT_FALSE(decode_payload(R"({"v":0})", {}, &before).ok());
}

}  // namespace
}  // namespace fristvakt::tests

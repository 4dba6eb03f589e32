#include "daemon/web/words.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/browser/town.hpp"
#include "workflows/definition/workflow.hpp"

namespace fristvakt::tests {
namespace {

using namespace daemon;
using workflows::Language;
using workflows::Reason;

TEST(Words, NameEveryReasonInBothForms) {
    for (int i = 1; i <= static_cast<int>(Reason::SentBefore); ++i) {
        const auto reason = static_cast<Reason>(i);
        EXPECT_FALSE(words_of(reason).nb.empty()) << i;
        EXPECT_FALSE(words_of(reason).nn.empty()) << i;
        EXPECT_EQ(parse_reason(to_string(reason)), reason);
    }
    EXPECT_EQ(parse_reason("gone fishing"), Reason::None);
}

TEST(Words, NameEveryMessageState) {
    for (int i = 0; i <= static_cast<int>(workflows::MessageState::Uncertain); ++i) {
        const auto state = static_cast<workflows::MessageState>(i);
        EXPECT_FALSE(look_of(state).word.nn.empty());
        EXPECT_EQ(parse_message_state(to_string(state)), state);
    }
}

TEST(Words, NameEveryEventAndNoticeOfTheShippedWorkflows) {
    const Town town{{.until = "2021-01-04T07:00", .demo_events = false}};
    const auto definitions = town.definitions();
    for (const workflows::Workflow& workflow : definitions->workflows) {
        for (const workflows::State& state : workflow.states) {
            for (const workflows::Transition& transition : state.on) {
                EXPECT_EQ(words_of_event(transition.event).nb.find("«"), std::string::npos)
                    << workflow.id << " " << transition.event;
            }
        }
    }
    for (const auto& [id, ladder] : definitions->ladders) {
        for (const workflows::LadderStep& step : ladder.steps) {
            EXPECT_NE(words_of_notice(step.notice).nb, step.notice) << id;
            EXPECT_NE(words_of_step(step.id, &ladder).nb, step.id) << id;
        }
    }
}

TEST(Words, TellAStep) {
    workflows::Ladder ladder;
    const auto add = [&](const char* id, const char* expression) {
        workflows::LadderStep step;
        step.id = id;
        step.at = workflows::parse_deadline(expression).value();
        ladder.steps.push_back(step);
    };
    add("a", "due - 14 days");
    add("b", "due + 1 working day");
    add("c", "due");
    add("d", "due - 2 weeks");
    EXPECT_EQ(words_of_step("a", &ladder).nn, "14 dagar før fristen");
    EXPECT_EQ(words_of_step("b", &ladder).nb, "1 arbeidsdag etter fristen");
    EXPECT_EQ(words_of_step("c", &ladder).nb, "på fristdagen");
    EXPECT_EQ(words_of_step("d", &ladder).nn, "2 veker før fristen");
    EXPECT_EQ(words_of_step("gone", &ladder).nb, "gone");
    EXPECT_EQ(words_of_step("a", nullptr).nb, "a");
}

TEST(Words, TellAPeriod) {
    EXPECT_EQ(period_title("2021", Language::Nb), "2021");
    EXPECT_EQ(period_title("2021-var", Language::Nn), "våren 2021");
    EXPECT_EQ(period_title("2021-host", Language::Nb), "høsten 2021");
    EXPECT_EQ(period_title("2021-host", Language::Nn), "hausten 2021");
    EXPECT_EQ(period_title("2021-03", Language::Nb), "mars 2021");
    EXPECT_EQ(period_title("", Language::Nb), "");
}

TEST(Words, OrderNamesAsNorwegianDictionariesDo) {
    std::vector<std::string> names{"Åmot",  "Østre Toten", "Ærland", "Vågå",
                                   "våler", "Zulu",        "Alvdal"};
    std::ranges::sort(names, comes_before);
    EXPECT_EQ(names, (std::vector<std::string>{"Alvdal", "Vågå", "våler", "Zulu", "Ærland",
                                               "Østre Toten", "Åmot"}));
}

}  // namespace
}  // namespace fristvakt::tests

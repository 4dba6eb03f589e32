#include <ostream>

#include <gtest/gtest.h>

#include "integrations/texts/notice_template.hpp"

namespace fristvakt::integrations::texts {
namespace {

using workflows::Notice;

Notice::Twin twin(std::string markdown) {
    Notice::Twin twin;
    twin.subject = "Frist";
    twin.markdown = "# Tittel\n\n" + std::move(markdown);
    return twin;
}

Values two_cases() {
    Values first;
    first.set("debtor", "Gjøvik");
    first.set("due_short", "25. januar");
    first.set("reason", "Ferie");
    Values second;
    second.set("debtor", "Hamar");
    second.set("due_short", "25. januar");
    Values values;
    values.set_cases({first, second});
    values.set("sender", "Statsforvalteren");
    values.set("recipient_name", "Kari");
    return values;
}

struct FillRow {
    std::string name;
    std::string markdown;
    std::string text;  ///< Behind the title.
};
void PrintTo(const FillRow& row, std::ostream* out) {
    *out << row.name;
}

class Fill : public testing::TestWithParam<FillRow> {};

TEST_P(Fill, GivesTheText) {
    const auto compiled = compile(twin(GetParam().markdown));
    ASSERT_TRUE(compiled.ok()) << compiled.error().message;
    const std::string text = to_text(fill(compiled.value().body, two_cases()));
    ASSERT_TRUE(text.starts_with("Tittel\n"));
    EXPECT_EQ(text.substr(7), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(
    All, Fill,
    testing::Values(
        FillRow{"variable", "Hei {{recipient_name}}.", "\nHei Kari.\n"},
        FillRow{"kept", "{{#recipient_name}}Hei {{recipient_name}}{{/recipient_name}}",
                "\nHei Kari\n"},
        FillRow{"paragraph_falls_away", "{{#copies}}Kopi: {{copies}}{{/copies}}", ""},
        FillRow{"inverted", "{{^copies}}Ingen kopi{{/copies}}", "\nIngen kopi\n"},
        FillRow{"no_double_space", "a {{#copies}}b{{/copies}} c", "\na c\n"},
        FillRow{"section_over_lines", "{{#sender}}a\nb **c**{{/sender}} d", "\na b c d\n"},
        FillRow{"line_falls_away", "a\\\n{{copies}}\\\nb", "\na\nb\n"},
        FillRow{"last_line_falls_away", "a\\\n{{copies}}", "\na\n"},
        FillRow{"heading_falls_away", "## {{#copies}}x{{/copies}}\n\nb", "\nb\n"},
        FillRow{"heading", "## Om {{sender}}\n\nb",
                "\nOm Statsforvalteren\n-------------------\nb\n"},
        FillRow{"item_falls_away", "1. a\n2. {{#copies}}b{{/copies}}\n3. c", "\n1. a\n2. c\n"},
        FillRow{"list_falls_away", "- {{copies}}\n- {{missing}}", ""},
        FillRow{"one_item_a_case", "- {{#cases}}{{debtor}}{{/cases}}", "\n- Gjøvik\n- Hamar\n"},
        FillRow{"one_paragraph_a_case", "{{#cases}}{{debtor}}{{/cases}}", "\nGjøvik\n\nHamar\n"},
        FillRow{"blocks_for_each_case",
                "{{#cases}}\n\n## {{debtor}}\n\nfra {{sender}}\n\n{{/cases}}",
                "\nGjøvik\n------\nfra Statsforvalteren\n\nHamar\n-----\nfra Statsforvalteren\n"},
        FillRow{"condition_in_case",
                "- {{#cases}}{{#reason}}{{debtor}}: {{reason}}{{/reason}}{{/cases}}",
                "\n- Gjøvik: Ferie\n"},
        FillRow{"shared_outside", "{{due_short}}/{{debtor}}", "\n25. januar/\n"},
        FillRow{"block_condition", "{{#copies}}\n\na\n\n- b\n\n{{/copies}}\n\nc", "\nc\n"},
        FillRow{"quotation_and_rule", "> {{sender}}\n\n---\n\nb",
                "\n  Statsforvalteren\n\n----------------------------------------\n\nb\n"},
        FillRow{"link", "Se [malen](https://udir.example/mal) først.",
                "\nSe malen\nhttps://udir.example/mal\nførst.\n"},
        FillRow{"joined_words", "**{{recipient_name}}**, hei", "\nKari, hei\n"}),
    [](const auto& test) { return test.param.name; });

struct ProblemRow {
    std::string name;
    std::string markdown;
    std::string problem;
};
void PrintTo(const ProblemRow& row, std::ostream* out) {
    *out << row.name;
}

class ProblemIn : public testing::TestWithParam<ProblemRow> {};

TEST_P(ProblemIn, IsFoundAlone) {
    const auto problems = problems_in(twin(GetParam().markdown));
    ASSERT_EQ(problems.size(), 1U) << testing::PrintToString(problems);
    EXPECT_EQ(problems[0], GetParam().problem);
    const auto compiled = compile(twin(GetParam().markdown));
    ASSERT_FALSE(compiled.ok());
    EXPECT_EQ(compiled.error().message, GetParam().problem);
}

INSTANTIATE_TEST_SUITE_P(
    All, ProblemIn,
    testing::Values(
        ProblemRow{"unknown", "a\n\n{{debitor}}", "line 5: there is no variable 'debitor'"},
        ProblemRow{"raw", "{{{debtor}}}", "line 3: there is no variable '{debtor'"},
        ProblemRow{"unclosed_braces", "{{debtor", "line 3: '{{' is never closed; end it with '}}'"},
        ProblemRow{"unclosed_section", "{{#debtor}}a",
                   "line 3: {{#debtor}} is not closed in the same paragraph or list"},
        ProblemRow{"stray_end", "a{{/debtor}}",
                   "line 3: {{/debtor}} closes nothing that was opened here"},
        ProblemRow{"list_as_text", "{{cases}}",
                   "line 3: 'cases' is a list; write {{#cases}}…{{/cases}}"},
        ProblemRow{"html_block", "<div>a</div>",
                   "line 3: HTML is not allowed in a notice; write Markdown"},
        ProblemRow{"html_inline", "a <b> c",
                   "line 3: HTML is not allowed in a notice; write Markdown"},
        ProblemRow{"code_block", "    a",
                   "line 3: code has no place in a notice; indent by fewer than four spaces"},
        ProblemRow{"code", "a `b`", "line 3: 'code' has no place in a notice"},
        ProblemRow{"image", "![a](https://x.example/a.png)",
                   "line 3: 'image' has no place in a notice"},
        ProblemRow{"variable_in_link", "[a](https://x.example/{{debtor}})",
                   "line 3: a link cannot hold a variable; write it beside the link"},
        ProblemRow{"script_link", "[a](javascript:alert)",
                   "line 3: a link begins with https://, http:// or mailto:"},
        ProblemRow{"deep_heading", "#### a", "line 3: headings have one to three '#'"},
        ProblemRow{"two_titles", "# a", "line 1: only the first heading has a single '#'"}),
    [](const auto& test) { return test.param.name; });

TEST(Problems, AreFoundInSubjectAndPreheader) {
    Notice::Twin bad = twin("a");
    bad.subject = "Frist {{sak}}";
    bad.preheader = "{{#debtor}}";
    EXPECT_EQ(problems_in(bad),
              (std::vector<std::string>{
                  "subject: there is no variable 'sak'",
                  "preheader: {{#debtor}} is not closed in the same paragraph or list"}));
    bad = twin("a");
    bad.subject = "";
    bad.markdown = "a";
    EXPECT_EQ(problems_in(bad), (std::vector<std::string>{"subject: is empty",
                                                          "line 1: begin with a heading: '# …'"}));
}

TEST(Problems, DeepNestingIsRefusedAndNotFollowed) {
    const auto problems = problems_in(twin(std::string(5000, '>') + " a"));
    ASSERT_FALSE(problems.empty());
    EXPECT_EQ(problems[0], "line 3: too deeply nested");
    std::string sections;
    for (int depth = 0; depth < 2000; ++depth) {
        sections += "{{#debtor}}";
    }
    EXPECT_FALSE(problems_in(twin(sections)).empty());
}

TEST(Text, WrapsBetweenWordsAndNeverInAnAddress) {
    const std::string address = std::string(90, 'a') + "@gjovik.example";
    const std::string word(100, 'b');
    const auto compiled = compile(twin("- x {{deliver_to}} y {{reason}}"));
    ASSERT_TRUE(compiled.ok());
    Values values;
    values.set("deliver_to", address);
    values.set("reason", word);
    EXPECT_EQ(to_text(fill(compiled.value().body, values)), "Tittel\n\n- x\n  " + address +
                                                                "\n  y\n  " + word.substr(0, 74) +
                                                                "\n  " + word.substr(74) + "\n");
}

TEST(Text, KeepsDatesTimesAndNumbersTogether) {
    const std::string filler(72, 'x');
    for (const std::string together : {"25. januar", "kl. 08.00", "§ 149", "00 00 00 00"}) {
        const auto compiled = compile(twin(filler + " " + together));
        EXPECT_EQ(to_text(fill(compiled.value().body, Values())),
                  "Tittel\n\n" + filler + "\n" + together + "\n");
    }
    const auto compiled = compile(twin(filler.substr(2) + " 2021. Vi"));
    EXPECT_EQ(to_text(fill(compiled.value().body, Values())),
              "Tittel\n\n" + filler.substr(2) + " 2021.\nVi\n");
}

TEST(Html, LinksToOurOwnAddressesAndToNobodyElses) {
    Values values;
    values.set("answer_link", "https://frister.example/m/a/b?c=1&d=2");
    values.set("minutes", "Se https://frister.example/x");
    values.set("reason", "https://evil.example/");
    const auto compiled = compile(twin("{{answer_link}} {{minutes}} {{reason}}"));
    ASSERT_TRUE(compiled.ok()) << compiled.error().message;
    const Document document = fill(compiled.value().body, values);
    const std::string html = to_html(document, {.subject = "", .preheader = "", .language = {}});
    EXPECT_NE(html.find("<a href=\"https://frister.example/m/a/b?c=1&amp;d=2\" "
                        "style=\"color:#0051a0\">https://frister.example/m/a/b?c=1&amp;d=2</a>"),
              std::string::npos)
        << html;
    EXPECT_EQ(html.find("<a ", html.find("<a ") + 1), std::string::npos) << html;
    EXPECT_EQ(to_text(document),
              "Tittel\n\nhttps://frister.example/m/a/b?c=1&d=2 Se https://frister.example/x\n"
              "https://evil.example/\n");
}

TEST(Html, EscapesEveryValueAndKeepsListsLists) {
    const auto compiled =
        compile(twin("1. {{debtor}}\n\n   mer\n2. b\n\n[c](https://x.example/?a&b)"));
    ASSERT_TRUE(compiled.ok());
    Values values;
    values.set("debtor", "<b>&\"'");
    const Envelope envelope{.subject = "<s>", .preheader = "<p>", .language = {}};
    const std::string html = to_html(fill(compiled.value().body, values), envelope);
    EXPECT_NE(html.find("&lt;b&gt;&amp;&quot;&#39;"), std::string::npos);
    EXPECT_NE(html.find("<title>&lt;s&gt;</title>"), std::string::npos);
    EXPECT_NE(html.find("&lt;p&gt;</div>"), std::string::npos);
    EXPECT_NE(html.find("<a href=\"https://x.example/?a&amp;b\""), std::string::npos);
    EXPECT_NE(html.find("<html lang=\"nb\">"), std::string::npos);
}

}  // namespace
}  // namespace fristvakt::integrations::texts

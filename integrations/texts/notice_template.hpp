#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "integrations/texts/document.hpp"
#include "integrations/texts/values.hpp"
#include "workflows/definition/definitions.hpp"
#include "workflows/result.hpp"

/// Notices as operators write them: Markdown with `{{variables}}` in its text.
///
/// The Markdown is parsed first and values go into the text of the finished tree, so that no value
/// can become markup, a link or another variable. A section `{{#name}}…{{/name}}` opens and closes
/// in the same paragraph, heading or item, or its two ends stand alone in paragraphs of their own
/// and hold whole blocks. A block that comes out empty is left out; a list item or a paragraph that
/// is one section `{{#cases}}…{{/cases}}` is repeated for each case.
namespace fristvakt::integrations::texts {

/// A piece of a notice: its Markdown tree with variables and sections as nodes of their own.
struct Node {
    enum class Kind {
        Heading,
        Paragraph,
        BulletList,
        OrderedList,
        Item,
        Quotation,
        Rule,
        Text,
        LineBreak,
        Strong,
        Emphasis,
        Link,
        Variable,
        Section,
        Opening,  ///< Of a section; gone once sections are nested.
        Closing,
    };
    Kind kind{Kind::Text};
    std::string text{};       ///< Of Text; destination of Link; name of Variable and Section.
    std::size_t variable{0};  ///< Of Variable and Section: place in notice_variables().
    bool inverted{false};     ///< Of Section: kept when there is no value.
    int number{1};            ///< Level of Heading, first number of OrderedList.
    bool tight{true};         ///< Of lists.
    int line{1};              ///< In the notice's Markdown, from 1.
    std::vector<Node> children{};
};

/// One twin of a notice, ready for use. Immutable; may be used from several threads at once.
struct NoticeTemplate {
    std::vector<Node> subject;    ///< Text, Variable and Section only.
    std::vector<Node> preheader;  ///< Likewise.
    std::vector<Node> body;
    bool is_list{false};  ///< Names the cases one by one, so that it fits any number of them.
};

/// InvalidInput: the first of problems_in().
[[nodiscard]] workflows::Result<NoticeTemplate> compile(const workflows::Notice::Twin& twin);

/// What is wrong with one twin, in English, each with its line in the Markdown; empty when it can
/// be used. For the check of a configuration: what passes here renders.
[[nodiscard]] std::vector<std::string> problems_in(const workflows::Notice::Twin& twin);

/// The body with values put in.
[[nodiscard]] Document fill(const std::vector<Node>& body, const Values& values);
/// The subject or the preheader with values put in: one line.
[[nodiscard]] std::string fill_line(const std::vector<Node>& line, const Values& values);

}  // namespace fristvakt::integrations::texts

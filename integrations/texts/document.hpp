#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workflows/language.hpp"

/// One message as a tree, values put in: what both its HTML and its text are walked from.
namespace fristvakt::integrations::texts {

/// A stretch of text in one style, or the end of a line.
struct Run {
    std::string text{};
    bool strong{false};
    bool emphasis{false};
    bool line_break{false};     ///< Then nothing else is set.
    std::string destination{};  ///< Of a link: fixed in the notice, or an address of ours.
    friend bool operator==(const Run&, const Run&) = default;
};

/// Blocks hold either `runs` (Heading, Paragraph) or `children` (lists, items, quotations).
struct Block {
    enum class Kind { Heading, Paragraph, BulletList, OrderedList, Item, Quotation, Rule };
    Kind kind{Kind::Paragraph};
    int number{1};     ///< Level of a heading, first number of an ordered list.
    bool tight{true};  ///< Of a list: no space between its items.
    std::vector<Run> runs{};
    std::vector<Block> children{};
    friend bool operator==(const Block&, const Block&) = default;
};

using Document = std::vector<Block>;

/// What a reader sees before the body.
struct Envelope {
    std::string subject;
    std::string preheader;  ///< Shown beside the subject in a list of mail; may be empty.
    workflows::Language language{workflows::Language::Nb};
};

/// A mail that no notice file holds.
struct WrittenMail {
    Document document;
    Envelope envelope;
};

/// A whole HTML page in one column of 600 px, styled inline because mail programs drop style
/// sheets; every text is escaped. Lines end in LF.
[[nodiscard]] std::string to_html(const Document& document, const Envelope& envelope);

/// Plain text, at most 76 characters a line (RFC 3676 recommends 78 at most, with room for one
/// quotation); an address is never broken. Lines end in LF, the last one too.
[[nodiscard]] std::string to_text(const Document& document);

}  // namespace fristvakt::integrations::texts

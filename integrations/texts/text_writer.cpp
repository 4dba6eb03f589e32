#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "integrations/mail/utf8.hpp"
#include "integrations/texts/document.hpp"
#include "integrations/texts/plain_value.hpp"

namespace fristvakt::integrations::texts {

namespace {

constexpr std::size_t kColumnsMax = 76;

bool is_address(std::string_view word) {
    return word.find('@') != std::string_view::npos || word.find("://") != std::string_view::npos;
}

/// Fills lines with words behind a prefix, greedily.
class Lines {
 public:
    Lines(std::string_view first_prefix, std::string_view next_prefix)
        : prefix_(first_prefix),
          next_prefix_(next_prefix),
          room_(kColumnsMax -
                std::min(std::max(characters_in(first_prefix), characters_in(next_prefix)),
                         kColumnsMax - kRoomMin)) {}

    void add(std::string_view word) {
        std::size_t width = characters_in(word);
        while (width > room_ && !is_address(word)) {
            finish_line();
            const std::size_t bytes = bytes_of(word, room_);
            put(word.substr(0, bytes), room_);
            word = word.substr(bytes);
            width = characters_in(word);
        }
        if (word.empty()) {
            return;
        }
        if (width_ > 0 && width_ + 1 + width > room_) {
            finish_line();
        }
        put(word, width);
    }

    void finish_line() {
        if (width_ > 0) {
            text_ += '\n';
            width_ = 0;
            prefix_ = next_prefix_;
        }
    }

    [[nodiscard]] std::string take() {
        finish_line();
        return std::move(text_);
    }

 private:
    static constexpr std::size_t kRoomMin = 10;

    static std::size_t bytes_of(std::string_view word, std::size_t characters) {
        std::size_t at = 0;
        while (at < word.size() && characters > 0) {
            at += utf8_character(word, at).bytes;
            --characters;
        }
        return at;
    }

    void put(std::string_view word, std::size_t width) {
        if (width_ > 0) {
            text_ += ' ';
            ++width_;
        } else {
            text_ += prefix_;
        }
        text_ += word;
        width_ += width;
    }

    std::string_view prefix_;
    std::string_view next_prefix_;
    std::size_t room_;  ///< For words, in characters.
    std::size_t width_{0};
    std::string text_;
};

bool is_number(std::string_view word) {
    return !word.empty() && word.find_first_not_of("0123456789") == std::string_view::npos;
}

/// What nobody wants to see broken over two lines: § 149, kl. 08.00, 25. januar, 00 00 00 00.
bool stays_with_next(std::string_view word, char next) {
    constexpr std::size_t kBytesMax = 20;  // A row of numbers without end breaks after all.
    const std::string_view last = word.substr(word.rfind(' ') + 1);
    const bool next_is_digit = next >= '0' && next <= '9';
    if (word.size() > kBytesMax) {
        return false;
    }
    const bool is_day =
        last.ends_with('.') && last.size() <= 3 && is_number(last.substr(0, last.size() - 1));
    const bool is_group = is_number(last) && last.size() <= 3 && next_is_digit;
    return last == "§" || last == "kl." || is_day || is_group;
}

/// Words of runs that follow each other without a space belong together: `**25. januar**.`
std::string wrapped(const std::vector<Run>& runs, const std::string& first_prefix,
                    const std::string& next_prefix) {
    Lines lines(first_prefix, next_prefix);
    std::string word;
    const auto end_word = [&] {
        if (!word.empty()) {
            lines.add(word);
            word.clear();
        }
    };
    for (const Run& run : runs) {
        if (run.line_break) {
            end_word();
            lines.finish_line();
            continue;
        }
        std::string_view rest = run.text;
        for (auto space = rest.find(' '); space != std::string_view::npos; space = rest.find(' ')) {
            word += rest.substr(0, space);
            rest.remove_prefix(space + 1);
            if (!rest.empty() && stays_with_next(word, rest.front())) {
                word += ' ';
            } else {
                end_word();
            }
        }
        word += rest;
        if (!run.destination.empty() && run.destination != run.text) {
            end_word();
            lines.finish_line();
            lines.add(run.destination);
            lines.finish_line();
        }
    }
    end_word();
    return lines.take();
}

std::string blocks_text(const std::vector<Block>& blocks, const std::string& first_prefix,
                        const std::string& next_prefix, bool tight);

std::string heading_text(const Block& block, const std::string& first_prefix,
                         const std::string& next_prefix) {
    std::string text = wrapped(block.runs, first_prefix, next_prefix);
    if (block.number == 1 || text.empty()) {
        return text;
    }
    // The longest line gives the rule below it its length.
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        width = std::max(width, characters_in(std::string_view(text).substr(at, end - at)));
        at = end + 1;
    }
    return text + next_prefix + std::string(width - characters_in(next_prefix), '-') + "\n";
}

std::string list_text(const Block& list, const std::string& first_prefix,
                      const std::string& next_prefix) {
    std::string text;
    int number = list.number;
    for (const Block& item : list.children) {
        const bool ordered = list.kind == Block::Kind::OrderedList;
        const std::string mark = ordered ? std::to_string(number) + ". " : "- ";
        if (!text.empty() && !list.tight) {
            text += "\n";
        }
        text += blocks_text(item.children, (text.empty() ? first_prefix : next_prefix) + mark,
                            next_prefix + std::string(mark.size(), ' '), list.tight);
        ++number;
    }
    return text;
}

std::string block_text(const Block& block, const std::string& first_prefix,
                       const std::string& next_prefix) {
    switch (block.kind) {
        case Block::Kind::Heading:
            return heading_text(block, first_prefix, next_prefix);
        case Block::Kind::Paragraph:
            return wrapped(block.runs, first_prefix, next_prefix);
        case Block::Kind::BulletList:
        case Block::Kind::OrderedList:
            return list_text(block, first_prefix, next_prefix);
        case Block::Kind::Item:
            return blocks_text(block.children, first_prefix, next_prefix, true);
        case Block::Kind::Quotation:
            return blocks_text(block.children, first_prefix + "  ", next_prefix + "  ", false);
        case Block::Kind::Rule:
            return first_prefix + std::string(40, '-') + "\n";
    }
    return {};
}

std::string blocks_text(const std::vector<Block>& blocks, const std::string& first_prefix,
                        const std::string& next_prefix, bool tight) {
    std::string text;
    bool after_heading = false;
    for (const Block& block : blocks) {
        if (!text.empty() && !tight && !after_heading) {
            text += "\n";
        }
        text += block_text(block, text.empty() ? first_prefix : next_prefix, next_prefix);
        after_heading = block.kind == Block::Kind::Heading && block.number > 1;
    }
    return text;
}

}  // namespace

std::string to_text(const Document& document) {
    return blocks_text(document, "", "", false);
}

}  // namespace fristvakt::integrations::texts

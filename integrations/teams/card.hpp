#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace fristvakt::integrations::teams {

/// What a channel is shown: headed lists and links. Everybody in the channel reads it, and nobody
/// knows who that is: organisations may stand in it, people never.
struct Card {
    /// One thing: what it is about, in bold, and what is said of it.
    struct Line {
        std::string strong;
        std::string rest;
    };
    struct Section {
        std::string heading;
        std::vector<Line> lines;
        std::size_t count{0};  ///< All there are; `lines` holds the first. Less than those: they.
        bool is_urgent{false};
    };
    struct Link {
        std::string title;
        std::string url;  ///< Absolute: a relative one makes the whole card invalid.
    };
    std::string title;
    std::string lead{};  ///< May be empty.
    std::vector<Section> sections{};
    std::vector<Link> links{};
};

/// Teams refuses from 28 KB on, measured by clients as early as 21 KB.
inline constexpr std::size_t kPayloadBytesMax = 20'000;

/// The card as a message to a webhook: an Adaptive Card of version 1.2, which telephones show too,
/// in at most `bytes_max` bytes of UTF-8. Lines that do not fit are left out, of the longest list
/// first, and counted under it: "… og 14 til", which is bokmål and nynorsk. No text in it is read
/// as Markdown or HTML. Links that are neither http nor https are left out. Pure.
[[nodiscard]] std::string to_payload(const Card& card, std::size_t bytes_max = kPayloadBytesMax);

}  // namespace fristvakt::integrations::teams

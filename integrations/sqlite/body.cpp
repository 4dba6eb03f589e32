#include "integrations/sqlite/body.hpp"

#include <array>
#include <charconv>
#include <system_error>

#include "integrations/sqlite/deflate.hpp"

namespace fristvakt::integrations {

namespace {

constexpr std::size_t kBodyBytesMax = 64UL * 1024 * 1024;

/// The number before `rest`'s first space, both taken off.
std::optional<std::size_t> take_length(std::string_view& rest) {
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), length);
    if (error != std::errc{} || end == rest.data() + rest.size() || *end != ' ') {
        return std::nullopt;
    }
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()) + 1);
    return length;
}

}  // namespace

std::string pack_body(const workflows::Batch::Body& body) {
    // Four lengths, then the four texts.
    std::string text;
    for (const std::string* part :
         {&body.rendered.subject, &body.rendered.text, &body.rendered.html, &body.bytes}) {
        text += std::to_string(part->size()) + ' ';
    }
    text += body.rendered.subject;
    text += body.rendered.text;
    text += body.rendered.html;
    text += body.bytes;
    return deflate_text(text);
}

std::optional<workflows::Batch::Body> unpack_body(std::string_view content) {
    const auto text = inflate_text(content, kBodyBytesMax);
    if (!text) {
        return std::nullopt;
    }
    std::string_view rest = *text;
    std::array<std::size_t, 4> lengths{};
    std::size_t sum = 0;
    for (std::size_t& length : lengths) {
        const auto taken = take_length(rest);
        if (!taken || *taken > kBodyBytesMax) {
            return std::nullopt;
        }
        length = *taken;
        sum += length;
    }
    if (sum != rest.size()) {
        return std::nullopt;
    }
    workflows::Batch::Body body;
    std::size_t index = 0;
    for (std::string* part :
         {&body.rendered.subject, &body.rendered.text, &body.rendered.html, &body.bytes}) {
        *part = rest.substr(0, lengths[index]);
        rest.remove_prefix(lengths[index]);
        ++index;
    }
    return body;
}

}  // namespace fristvakt::integrations

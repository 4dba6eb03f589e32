#include "workflows/definition/mail_address.hpp"

#include <algorithm>

namespace fristvakt::workflows {
namespace {

constexpr std::size_t kAddressMax = 254;
constexpr std::size_t kLocalPartMax = 64;
constexpr std::size_t kLabelMax = 63;

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_atom_character(char c) {
    return is_letter_or_digit(c) ||
           std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= kLabelMax && label.front() != '-' &&
           label.back() != '-' &&
           std::ranges::all_of(label, [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

/// Calls `accept` for each part between dots; false when one is refused.
template <typename Accept>
bool all_between_dots(std::string_view text, Accept accept) {
    while (true) {
        const auto dot = text.find('.');
        if (!accept(text.substr(0, dot))) {
            return false;
        }
        if (dot == std::string_view::npos) {
            return true;
        }
        text.remove_prefix(dot + 1);
    }
}

}  // namespace

bool is_mail_domain(std::string_view text) {
    const auto last_dot = text.rfind('.');
    if (text.size() > kAddressMax || last_dot == std::string_view::npos) {
        return false;
    }
    const std::string_view top = text.substr(last_dot + 1);
    const bool is_number = std::ranges::all_of(top, [](char c) { return c >= '0' && c <= '9'; });
    return !is_number && all_between_dots(text, is_label);
}

bool is_mail_address(std::string_view text) {
    const auto at = text.find('@');
    if (text.size() > kAddressMax || at == std::string_view::npos || at > kLocalPartMax) {
        return false;
    }
    return all_between_dots(text.substr(0, at),
                            [](std::string_view atom) {
                                return !atom.empty() &&
                                       std::ranges::all_of(atom, is_atom_character);
                            }) &&
           is_mail_domain(text.substr(at + 1));
}

}  // namespace fristvakt::workflows

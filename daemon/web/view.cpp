#include "daemon/web/view.hpp"

#include <charconv>

namespace fristvakt::daemon {

workflows::RefusedAddresses refused_addresses(const workflows::Ledger& ledger,
                                              const workflows::Definitions& definitions) {
    workflows::RefusedAddresses out;
    if (ledger.refused_persons.empty()) {
        return out;
    }
    workflows::PersonIds ids{ledger.salt};
    for (const workflows::Contact& contact : definitions.contacts) {
        (void)ids.of(contact.email);
    }
    for (const auto& [id, organisation] : definitions.organisations) {
        (void)ids.of(organisation.email);
    }
    for (const std::string& person : ledger.refused_persons) {
        if (const std::string* const address = ids.address_of(person)) {
            out.insert(*address);
        }
    }
    return out;
}

Html tag(std::string_view sign, std::string_view word, std::string_view color,
         std::string_view href) {
    const Html inside = html("<span aria-hidden=\"true\">{}</span> {}", sign, word);
    if (href.empty()) {
        return html("<span class=\"ds-tag fv-tag\" data-color=\"{}\">{}</span>", color, inside);
    }
    return html("<a class=\"ds-tag fv-tag\" data-color=\"{}\" href=\"{}\">{}</a>", color, href,
                inside);
}

std::optional<std::int64_t> parse_number(std::string_view text) {
    std::int64_t number{0};
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    if (text.empty() || parsed.ec != std::errc{} || parsed.ptr != end || number < 1) {
        return std::nullopt;
    }
    return number;
}

}  // namespace fristvakt::daemon

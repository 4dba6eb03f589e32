#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

#include "integrations/yaml/configuration.hpp"

namespace fristvakt::integrations {

using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;

namespace {

/// What stands before the next newline, taken off `text`; nothing when there is no newline.
std::optional<std::string_view> take_line(std::string_view& text) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

std::optional<std::size_t> parse_size(std::string_view text) {
    std::size_t size = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), size);
    const bool is_whole = problem == std::errc{} && end == text.data() + text.size();
    return is_whole ? std::optional{size} : std::nullopt;
}

/// A file of the folder and one that stood in for another may have the same name; what they define
/// has not.
void add(ConfigurationFiles& to, std::string path, std::string_view bytes) {
    while (to.files.contains(path)) {
        path.insert(path.rfind('.'), 1, '~');
    }
    to.files.emplace(std::move(path), bytes);
}

}  // namespace

Result<ConfigurationFiles> files_from_archive(std::string_view archive, std::string name) {
    ConfigurationFiles result{.name = std::move(name), .files = {}};
    while (!archive.empty()) {
        const auto path = take_line(archive);
        const auto length = path ? take_line(archive) : std::nullopt;
        const auto size = length ? parse_size(*length) : std::nullopt;
        if (!size || *size > archive.size()) {
            return Error{ErrorKind::InvalidInput,
                         "the stored configuration is not whole: a person was erased from it, or "
                         "it is damaged; name the folder it came from"};
        }
        add(result, std::string{*path}, archive.substr(0, *size));
        archive.remove_prefix(*size);
    }
    return result;
}

}  // namespace fristvakt::integrations

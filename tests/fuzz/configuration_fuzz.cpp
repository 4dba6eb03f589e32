// A whole configuration folder, read and verified. Files stand behind lines "=== PATH"; those that
// are not there are taken from small/.

#include <algorithm>
#include <string>

#include "integrations/yaml/configuration.hpp"
#include "tests/fuzz/demand.hpp"
#include "tests/source_dir.hpp"

namespace fristvakt::fuzz {
namespace {

using namespace integrations;
using workflows::Severity;

/// One of each kind of file, so small that it is quick to read.
const ConfigurationFiles& small() {
    static const ConfigurationFiles kSmall = [] {
        auto files = read_folder(tests::source_dir() / "tests/fuzz/small").value();
        files.name = "config";
        const auto loaded = load_configuration(files, {});
        for (const auto& diagnostic : loaded.diagnostics) {
            demand(diagnostic.severity != Severity::Error, "the small one is right",
                   to_string(diagnostic));
        }
        return files;
    }();
    return kSmall;
}

ConfigurationFiles files_in(std::string_view text) {
    ConfigurationFiles files = small();
    (void)take_until(text, "=== ");
    while (!text.empty()) {
        const std::string path{take_until(text, "\n")};
        const std::string_view content = take_until(text, "\n=== ");
        // As read_folder() gives them.
        if (std::ranges::none_of(path, [](unsigned char c) { return c < 0x20 || c == 0x7F; })) {
            files.files.insert_or_assign(path, std::string{content} + "\n");
        }
    }
    return files;
}

void look_at(const workflows::Diagnostic& diagnostic) {
    const std::string shown = to_string(diagnostic);
    demand(!diagnostic.hint.empty() && !diagnostic.message.empty(), "a finding says what to do",
           shown);
    demand(diagnostic.where.line >= 1 && diagnostic.where.column >= 1, "a finding says where",
           shown);
    demand(shown.find_first_of(std::string_view{"\n\r\0\x1b", 4}) == std::string::npos,
           "a finding is one line", shown);
}

}  // namespace

void try_configuration(std::string_view text) {
    const ConfigurationFiles files = files_in(text);
    static const ConfigurationFiles kNone{.name = "none", .files = {}};
    const LoadedConfiguration loaded = load_configuration(files, kNone);
    for (const auto& diagnostic : loaded.diagnostics) {
        look_at(diagnostic);
    }
    const bool has_error = std::ranges::any_of(loaded.diagnostics, [](const auto& diagnostic) {
        return diagnostic.severity == Severity::Error;
    });
    demand((loaded.definitions == nullptr) == has_error, "definitions, or errors");
    if (loaded.definitions == nullptr) {
        return;
    }
    const auto stored = files_from_archive(loaded.archive, "stored");
    demand(stored.ok(), "what is stored can be opened");
    const LoadedConfiguration again = load_configuration(stored.value(), kNone);
    demand(again.definitions != nullptr, "what was accepted is accepted again");
    demand(again.definitions->hash == loaded.definitions->hash, "as the same");
}

}  // namespace fristvakt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fristvakt::fuzz::try_configuration(fristvakt::fuzz::text_of(data, size));
    return 0;
}

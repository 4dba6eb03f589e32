#pragma once

#include <string>
#include <vector>

namespace fristvakt::tests {

/// A text file of the project.
struct TextFile {
    std::string path;  ///< Relative to the root, with forward slashes.
    std::vector<std::string> lines;
};

/// What breaks a rule, ready to read: "PATH:LINE: TEXT" and what to do instead.
using Findings = std::vector<std::string>;

/// What the compiler does not check, one function a rule. Each looks at all files and picks those
/// that it is about.
[[nodiscard]] Findings includes_pointing_outwards(const std::vector<TextFile>& files);
[[nodiscard]] Findings impure_includes_in_workflows(const std::vector<TextFile>& files);
[[nodiscard]] Findings heavy_headers_seen_abroad(const std::vector<TextFile>& files);
[[nodiscard]] Findings banned_words(const std::vector<TextFile>& files);
[[nodiscard]] Findings lines_too_long(const std::vector<TextFile>& files);
[[nodiscard]] Findings machine_paths(const std::vector<TextFile>& files);
[[nodiscard]] Findings download_addresses(const std::vector<TextFile>& files);
[[nodiscard]] Findings real_addresses(const std::vector<TextFile>& files);
[[nodiscard]] Findings notices_without_twin(const std::vector<TextFile>& files);
[[nodiscard]] Findings alerts_on_unknown_metrics(const std::vector<TextFile>& files);
/// Of tests/mutants/faults.txt: what is replaced must stand exactly once where it is said to.
[[nodiscard]] Findings faults_that_fit_nowhere(const std::vector<TextFile>& files);

/// Every text file below `root` that is ours: no build, state, fetched or hidden folder.
[[nodiscard]] std::vector<TextFile> read_project(const std::string& root);

}  // namespace fristvakt::tests

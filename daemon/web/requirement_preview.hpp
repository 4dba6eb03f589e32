#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/web/view.hpp"

/// A notice as it would be written to a real recipient; nothing is sent.
namespace fristvakt::daemon {

struct PreviewQuestion {
    std::string notice;
    std::string debtor;
    std::optional<workflows::Language> language;  ///< Empty: the recipient's own.
};
/// `varsel`, `til` and `form` of the query; the first of each when they are absent or unknown.
[[nodiscard]] PreviewQuestion read_preview_question(const View& view,
                                                    const workflows::Cohort& cohort,
                                                    const workflows::Requirement& requirement);

/// Those of its ladder, then those that its workflow's events tell; each once.
[[nodiscard]] std::vector<std::string> notices_of(const workflows::Definitions& definitions,
                                                  const workflows::Requirement& requirement);

struct Preview {
    workflows::MessageSnapshot snapshot;
    workflows::RenderedMessage rendered;
};
/// NotFound: the requirement has no case for that debtor and never will, or no such notice.
[[nodiscard]] workflows::Result<Preview> write_preview(View& view, const workflows::Cohort& cohort,
                                                       const workflows::Requirement& requirement,
                                                       const PreviewQuestion& question);

}  // namespace fristvakt::daemon

#pragma once

#include <compare>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "integrations/yaml/configuration.hpp"
#include "workflows/definition/diagnostic.hpp"

/// What was changed on the pages, laid over a configuration folder by id. Everything here is pure:
/// files come in and go out as bytes.
///
/// A layer is a folder of the same formats, `programmes/*.yaml`, `activities/*.csv`,
/// `organisations.csv` and `contacts.csv`, with below `base/` the same entries as they stood in the
/// configuration folder when they were changed. An entry whose base has become another is a
/// conflict: neither the folder nor the layer wins by itself.
namespace fristvakt::integrations {

/// One thing that can be laid over another.
struct LayerKey {
    enum class Kind { Cohort, Organisation, Contact, Plan };
    Kind kind{Kind::Cohort};
    /// A contact's: ORGANISATION/ADDRESS, lower case; all rows of one person at one organisation
    /// are one entry. An activity plan's: its cohort's; the whole table is one entry.
    std::string id;
    // NOLINTNEXTLINE(modernize-use-nullptr): it is told of the zero in the standard's own ordering.
    friend std::strong_ordering operator<=>(const LayerKey&, const LayerKey&) = default;
};
/// "cohort pulje-5", "contact gjovik/kari@gjovik.example": for findings.
[[nodiscard]] std::string to_string(const LayerKey& key);
[[nodiscard]] LayerKey contact_key(std::string_view organisation, std::string_view address);

/// One entry.
struct LayerEntry {
    /// In one layout, so that equal texts are equal entries: YAML without comments, or rows with
    /// all columns, in the order of `header_of`; of a plan, below that header.
    std::string text;
    std::string bytes{};                ///< Of a cohort or a plan: its file as it was written.
    workflows::SourcePosition where{};  ///< Of the entry, or of its first row.
    std::vector<int> lines{};           ///< Of rows: where each stands in its file.
};
using LayerEntries = std::map<LayerKey, LayerEntry>;

/// The header of a table with all its columns, without a line end. REQUIRES: no cohort.
[[nodiscard]] std::string header_of(LayerKey::Kind kind);
/// The cells of a row in that order, quoted where it is needed, with a line end.
[[nodiscard]] std::string csv_row(const std::vector<std::string>& cells);
/// The cells of each row in `text`, which stands below `header_of(kind)`, as the text of an entry
/// has it; in that order.
[[nodiscard]] std::vector<std::vector<std::string>> csv_rows(LayerKey::Kind kind,
                                                             std::string_view text);

/// Every cohort, plan, organisation and contact that can be read in a folder. What cannot is left
/// out: loading the folder says why.
[[nodiscard]] LayerEntries entries_of(const ConfigurationFiles& folder);

struct Layer {
    LayerEntries own;
    LayerEntries base;  ///< What each of `own` was made from; nothing where it is new.
    std::vector<workflows::Diagnostic> diagnostics{};  ///< What was wrong with its files.
    [[nodiscard]] bool empty() const { return own.empty() && diagnostics.empty(); }
};
/// From the files of STATE/config, and back. Files that belong to no layer are errors.
[[nodiscard]] Layer read_layer(const ConfigurationFiles& files);
[[nodiscard]] ConfigurationFiles files_of(const Layer& layer, std::string name = {});

/// Puts an entry into a layer over `folder`; one that says the same as the folder is none. An empty
/// text takes the entry back to what the folder says, or out where that has none.
void put_entry(Layer& layer, const LayerEntries& folder, const LayerKey& key, std::string text);

/// An entry whose base is not what it was.
struct LayerConflict {
    LayerKey key;
    workflows::SourcePosition where;  ///< In the layer.
    std::string base;                 ///< When it was changed; empty: there was none.
    std::string folder;               ///< Now; empty: it is gone.
    std::string own;
};

/// A folder with a layer over it.
struct Layered {
    ConfigurationFiles
        files;  ///< As one folder; a file that nothing lies over is the folder's own.
    std::vector<LayerConflict> conflicts;
    std::vector<workflows::Diagnostic> diagnostics;  ///< Conflicts, and what is wrong in the layer.
};
[[nodiscard]] Layered lay_over(const ConfigurationFiles& folder, const Layer& layer);

}  // namespace fristvakt::integrations

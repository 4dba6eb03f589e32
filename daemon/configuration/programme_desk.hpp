#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "daemon/access/visitor.hpp"
#include "daemon/configuration/configuration_source.hpp"
#include "daemon/configuration/edit.hpp"
#include "daemon/engine/engine_access.hpp"
#include "daemon/simulation/message_diff.hpp"
#include "workflows/definition/diagnostic.hpp"

namespace fristvakt::daemon {

/// An edit, by whom, and what they had before them.
struct EditRequest {
    Edit edit;
    const Visitor& visitor;
    std::string who;   ///< For the log, where nobody signs in.
    std::string seen;  ///< `version_of` when the form was drawn; empty: not held against anything.
};

/// What an edit would bring.
struct Proposal {
    std::shared_ptr<const workflows::Definitions> before;
    std::shared_ptr<const workflows::Definitions> after;
    MessageDiff messages;
    workflows::Instant until{};          ///< So far ahead was looked.
    std::vector<std::string> withdrawn;  ///< Open cases that would be.
    std::vector<std::string> reopened;   ///< Cases that were taken out and are called for again.
    /// What the check warns of that it does not warn of now.
    std::vector<workflows::Diagnostic> warnings;
    std::size_t contacts_new{0};  ///< Rows of contacts.
    std::size_t contacts_changed{0};
    std::size_t contacts_same{0};
};

/// Where programmes, participants, deadlines and contacts are changed while the daemon runs. What
/// is changed goes into the state folder as files of the same formats, laid over the configuration
/// folder as that was last taken into use; it is verified whole, and taken into use whole or not at
/// all. Any thread.
class ProgrammeDesk {
 public:
    struct Options {
        std::filesystem::path config;  ///< Empty: the shipped one.
        std::filesystem::path state;
        /// Takes a configuration into use; the last argument is as for `Engine::use`. Not at all:
        /// InvalidInput, Conflict. Unavailable: perhaps later.
        std::function<workflows::Status(const integrations::LoadedConfiguration&,
                                        const std::optional<std::string>&)>
            use;
    };
    /// `engine` must outlive the desk. `whole` is what has been, or is about to be, taken into use.
    ProgrammeDesk(Options options, EngineAccess& engine, integrations::ConfigurationFiles folder,
                  integrations::Layer layer);

    /// Reads the folder and what lies over it again, and takes them into use. InvalidInput: the
    /// findings, one a line; conflicts are remembered, and all goes on as it was.
    [[nodiscard]] workflows::Status reload();

    /// Names what the entries of an edit say now: another name, another text.
    [[nodiscard]] std::string version_of(const Edit& edit) const;
    /// What it would bring, by the same reckoning as `fristvakt diff`. Changes nothing.
    /// Forbidden, NotFound: the visitor may not, or may not see it. Conflict "moved-on": somebody
    /// else was first. Conflict "unsettled": there are conflicts, which come first. InvalidInput
    /// "findings": the whole would not pass the check; the message is the findings, one a line.
    /// Otherwise as `apply`.
    [[nodiscard]] workflows::Result<Proposal> propose(const EditRequest& request) const;
    /// Does it. As `propose`; Conflict "unread": the layer's files were changed by hand and not
    /// read yet; Unavailable: the disk or the store; "saved": it is written, and in use with the
    /// next start at the latest.
    [[nodiscard]] workflows::Status take_up(const EditRequest& request);

    [[nodiscard]] std::vector<integrations::LayerConflict> conflicts() const;
    /// What was changed here.
    [[nodiscard]] std::set<integrations::LayerKey> changed() const;
    /// The rows of contacts.csv as they count, by their key; those the visitor may change.
    [[nodiscard]] std::map<integrations::LayerKey, std::vector<ContactCells>> contacts(
        const Visitor& visitor) const;
    /// Where one row cannot go, only end.
    [[nodiscard]] bool is_in_folder(const integrations::LayerKey& key) const;

 private:
    struct Draft {
        integrations::Layer layer;
        Whole whole;
    };
    // The lock is held.
    [[nodiscard]] std::string version_now(const Edit& edit) const;
    [[nodiscard]] workflows::Status allow(const EditRequest& request) const;
    [[nodiscard]] workflows::Result<Draft> draft(const EditRequest& request) const;

    Options options_;
    EngineAccess& engine_;
    mutable std::mutex mutex_;
    // Guarded by mutex_.
    integrations::ConfigurationFiles folder_;
    integrations::LayerEntries entries_;  ///< Of folder_.
    integrations::Layer layer_;
    std::vector<integrations::LayerConflict> conflicts_;
    /// The folder that the conflicts are about, newer than what is in use.
    std::optional<integrations::ConfigurationFiles> waiting_folder_;
};

}  // namespace fristvakt::daemon

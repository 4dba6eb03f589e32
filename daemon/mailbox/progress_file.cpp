#include "daemon/mailbox/progress_file.hpp"

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <system_error>

#include <nlohmann/json.hpp>

#include "integrations/synced_files/synced_file.hpp"

namespace fristvakt::daemon {

using nlohmann::json;
using workflows::Error;
using workflows::ErrorKind;
using workflows::MailboxProgress;
using workflows::MailboxSettings;
using workflows::Status;

namespace {

/// The same number means another message in another box.
json name_of(const MailboxSettings& box) {
    return {{"url", box.url}, {"user", box.user}, {"folder", box.folder}};
}

bool is_number(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_number_unsigned() && *found <= 0xFFFFFFFFU;
}

}  // namespace

MailboxProgress ProgressFile::read(const MailboxSettings& box) const {
    std::ifstream in{path_, std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();  // Of what is no file, nothing.
    const json stored = json::parse(text.str(), nullptr, false);
    if (!stored.is_object() || stored.value("mailbox", json{}) != name_of(box) ||
        !is_number(stored, "uid_validity") || !is_number(stored, "last_uid")) {
        return {};
    }
    return {.uid_validity = stored["uid_validity"], .last_uid = stored["last_uid"]};
}

Status ProgressFile::write(const MailboxSettings& box, const MailboxProgress& progress) const {
    const json stored = {{"mailbox", name_of(box)},
                         {"uid_validity", progress.uid_validity},
                         {"last_uid", progress.last_uid}};
    std::filesystem::path draft = path_;
    draft += ".new";
    const std::string text = stored.dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
    if (!integrations::write_synced(draft, text) || ::rename(draft.c_str(), path_.c_str()) != 0 ||
        !integrations::sync_folder(path_.parent_path())) {
        return Error{ErrorKind::Unavailable,
                     path_.string() + " cannot be written (" +
                         std::generic_category().message(errno) +
                         "): after a restart answers are read once more; see that the disk is not "
                         "full and that the user who runs fristvakt may write there"};
    }
    return workflows::Done{};
}

}  // namespace fristvakt::daemon

#include "daemon/configuration/durable_folder.hpp"

#include <fstream>
#include <system_error>

#include "integrations/sqlite/files.hpp"

namespace fristvakt::daemon {

namespace fs = std::filesystem;
using integrations::ConfigurationFiles;
using integrations::Layer;
using workflows::Done;
using workflows::Error;
using workflows::ErrorKind;
using workflows::Status;

namespace {

Status make_folder(const fs::path& folder) {
    std::error_code problem;
    if (fs::is_directory(folder, problem)) {
        return Done{};
    }
    fs::create_directories(folder, problem);
    if (!problem) {
        fs::permissions(folder, fs::perms::owner_all, problem);
    }
    if (problem) {
        return Error{ErrorKind::Unavailable, folder.string() + ": cannot be made (" +
                                                 problem.message() +
                                                 "); check the disk and the rights there"};
    }
    const fs::path parent = folder.has_parent_path() ? folder.parent_path() : fs::path(".");
    return integrations::sync_to_disk(parent);
}

Status write_file(const fs::path& file, const std::string& bytes) {
    if (const Status made = make_folder(file.parent_path()); !made.ok()) {
        return made;
    }
    // Hidden: half a file is never taken for a part of the configuration.
    const fs::path draft = file.parent_path() / ("." + file.filename().string() + ".new");
    if (const Status created = integrations::create_private(draft); !created.ok()) {
        return created;
    }
    std::ofstream stream(draft, std::ios::binary);
    stream << bytes;
    stream.close();
    if (stream.fail()) {
        std::error_code ignored;
        fs::remove(draft, ignored);
        return integrations::system_failure(file, "writing it");
    }
    if (const Status synced = integrations::sync_to_disk(draft); !synced.ok()) {
        return synced;
    }
    return integrations::move_file(draft, file, true);
}

Status remove_file(const fs::path& file) {
    std::error_code problem;
    fs::remove(file, problem);
    if (problem) {
        return Error{ErrorKind::Unavailable,
                     file.string() + ": cannot be removed: " + problem.message()};
    }
    return integrations::sync_to_disk(file.parent_path());
}

/// Writes and removes what differs.
Status step(const fs::path& folder, const ConfigurationFiles& before,
            const ConfigurationFiles& after) {
    for (const auto& [path, bytes] : after.files) {
        const auto old = before.files.find(path);
        if (old != before.files.end() && old->second == bytes) {
            continue;
        }
        if (const Status written = write_file(folder / path, bytes); !written.ok()) {
            return written;
        }
    }
    for (const auto& [path, bytes] : before.files) {
        if (after.files.contains(path)) {
            continue;
        }
        if (const Status removed = remove_file(folder / path); !removed.ok()) {
            return removed;
        }
    }
    return Done{};
}

}  // namespace

Status write_folder(const fs::path& folder, const ConfigurationFiles& files) {
    if (const Status made = make_folder(folder); !made.ok()) {
        return made;
    }
    for (const auto& [path, bytes] : files.files) {
        if (const Status written = write_file(folder / path, bytes); !written.ok()) {
            return written;
        }
    }
    return Done{};
}

Status replace_layer(const fs::path& folder, const Layer& before, const Layer& after) {
    if (const Status made = make_folder(folder); !made.ok()) {
        return made;
    }
    Layer middle{.own = before.own, .base = after.base};
    middle.base.insert(before.base.begin(), before.base.end());
    // As it is there, whoever wrote it: a file under another name must not stay behind.
    const auto there = integrations::read_folder(folder);
    if (!there.ok()) {
        return there.error();
    }
    const ConfigurationFiles& first = there.value();
    const ConfigurationFiles second = files_of(middle);
    middle.own = after.own;
    const ConfigurationFiles third = files_of(middle);
    const ConfigurationFiles last = files_of(after);
    Status done = step(folder, first, second);
    if (done.ok()) {
        done = step(folder, second, third);
    }
    if (done.ok()) {
        done = step(folder, third, last);
    }
    if (!done.ok()) {
        (void)step(folder, last, third);
        (void)step(folder, third, second);
        (void)step(folder, second, first);
    }
    return done;
}

}  // namespace fristvakt::daemon

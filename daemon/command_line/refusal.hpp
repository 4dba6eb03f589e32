#pragma once

#include <iostream>
#include <string>

#include "daemon/command_line/exit_code.hpp"
#include "workflows/result.hpp"

/// How a command says that it could not do what was asked.
namespace fristvakt::daemon {

inline int refuse(const std::string& what, int code) {
    std::cerr << what << '\n';
    return code;
}

/// What a failure ends the program with: a thing that is missing, a command that makes no sense, or
/// a problem that was found.
[[nodiscard]] inline int exit_code_of(workflows::ErrorKind kind) {
    switch (kind) {
        case workflows::ErrorKind::NotFound:
            return kExitNotFound;
        case workflows::ErrorKind::InvalidInput:
            return kExitUsage;
        case workflows::ErrorKind::Conflict:
        case workflows::ErrorKind::Forbidden:
        case workflows::ErrorKind::Unavailable:
            return kExitProblems;
    }
    return kExitProblems;
}

inline int refuse(const workflows::Error& error) {
    return refuse(error.message, exit_code_of(error.kind));
}

/// The same, when InvalidInput means that a file holds mistakes.
inline int refuse_file(const workflows::Error& error) {
    return refuse(error.message,
                  error.kind == workflows::ErrorKind::NotFound ? kExitNotFound : kExitProblems);
}

}  // namespace fristvakt::daemon

#pragma once

#include <string>

#include "daemon/web/assets.hpp"
#include "daemon/web/view.hpp"

/// What stands around every page: head, bars that everybody must know of, foot.
namespace fristvakt::daemon {

struct Frame {
    const Assets& assets;
    const std::string& version;
    std::string state{};  ///< What the page was drawn from; empty: it does not keep itself current.

    /// The whole page.
    [[nodiscard]] Html around(const View& view, const Content& content) const;

 private:
    [[nodiscard]] Html head(const View& view, const Content& content) const;
    [[nodiscard]] Html menu(const View& view) const;
    [[nodiscard]] Html foot(const View& view) const;
};

}  // namespace fristvakt::daemon

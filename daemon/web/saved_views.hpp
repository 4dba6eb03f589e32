#pragma once

#include <string>
#include <utility>
#include <vector>

#include "daemon/http/http_message.hpp"
#include "daemon/web/html.hpp"
#include "daemon/web/view.hpp"

/// Filters that somebody has given a name. They stay in the reader's own browser, as a cookie: no
/// list of anybody's habits is kept here.
namespace fristvakt::daemon {

/// Name and query ("?avvik=1"), in the order of saving.
using SavedViews = std::vector<std::pair<std::string, std::string>>;

[[nodiscard]] SavedViews read_saved_views(const HttpRequest& request);

/// The form behind the page's filter, and a button to take away each saved view.
[[nodiscard]] Html saved_views_form(const View& view);

/// Saves `sporring` of a form under `navn`, or takes `fjern` away; leads back to the overview.
/// Names and queries are cut to a length, the oldest go when there is no more room.
[[nodiscard]] HttpResponse save_view(const HttpRequest& request);

}  // namespace fristvakt::daemon

// Where a switch keeps its files when nobody says where.
#pragma once

#include <filesystem>

namespace tandem::app {

// /var/lib/tandem when this user can write there, else ~/.local/share/tandem (XDG_DATA_HOME).
std::filesystem::path default_data_directory();

}  // namespace tandem::app

# Puts the SQL files of a folder into the program, as `const std::vector<Migration>& NAME()`
# (src/shell/store/migrations.h), in the order of their numbers.
#
#   tandem_migrations(tandem_shell_store cdr_migrations db/migrations/cdr)

function(tandem_migrations TARGET NAME FOLDER)
  file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${FOLDER}/[0-9]*.sql)
  list(SORT files)
  set(rows "")
  foreach(file ${files})
    get_filename_component(name ${file} NAME_WE)
    string(REGEX MATCH "^[0-9]+" number ${name})
    math(EXPR number "${number}")
    file(READ ${file} sql)
    string(APPEND rows "      {${number}, \"${name}\", R\"sql(${sql})sql\"},\n")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  endforeach()
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${NAME}.cc)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT [[
// Made by cmake/migrations.cmake from @FOLDER@.
#include "shell/store/migrations.h"

namespace tandem::store {

const std::vector<Migration>& @NAME@() {
  static const std::vector<Migration> migrations{
@rows@  };
  return migrations;
}

}  // namespace tandem::store
]])
  target_sources(${TARGET} PRIVATE ${source})
endfunction()

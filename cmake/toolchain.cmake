# Compiler, linker and sanitizer settings shared by every target.

find_program(CCACHE ccache)
if(CCACHE)
  # Objects of one preset serve every checkout.
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_NOHASHDIR=1 CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
endif()

find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# Precise enough to read a crash and a profile, small enough to compile and link fast.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")
# Clearing and copying a value of a hundred bytes by `rep stos` takes longer than writing it.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  foreach(what memset memcpy)
    string(APPEND CMAKE_CXX_FLAGS_RELWITHDEBINFO
      " -m${what}-strategy=vector_loop:512:noalign,libcall:-1:noalign")
  endforeach()
endif()
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")

add_compile_options(-Wall -Wextra -Wconversion -Wshadow -Werror -fno-omit-frame-pointer)
add_compile_definitions(SPDLOG_COMPILED_LIB SPDLOG_FMT_EXTERNAL)

# Objects made in the core have no RTTI, which the check of vptr looks for.
if(TANDEM_SANITIZE)
  add_compile_options(-fsanitize=${TANDEM_SANITIZE} -fno-sanitize=vptr -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${TANDEM_SANITIZE})
endif()

# Fuzzers are guided by the coverage of everything they link.
if(TANDEM_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Counts which ways are taken (scripts/lib/profile.sh), or may be optimized as a whole (rooms.cmake).
if(TANDEM_REHEARSAL)
  add_compile_options(-fprofile-generate)
  add_link_options(-fprofile-generate)
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT TANDEM_SANITIZE)
  set(TANDEM_WHOLE ON)
  add_link_options($<$<NOT:$<BOOL:$<TARGET_PROPERTY:LINKED_AS_WHOLE>>>:-fno-lto>)
endif()

find_package(Threads REQUIRED)
find_package(GTest REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto SSL)

# The few functions that every folder's CMakeLists.txt is made of.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O1 -DNDEBUG")
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang") # each of the tools is linked anew after a change: GNU's ld takes ten times as long
  add_link_options(-fuse-ld=lld)
endif()

find_program(CCACHE ccache)
if(CCACHE) # objects are shared between trees and build folders: paths are made relative, the precompiled header is known by its .sum
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 CCACHE_PCH_EXTSUM=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
endif()

# What is compiled is watched: `sanitize` by AddressSanitizer and UndefinedBehaviorSanitizer, `fuzz` by these and libFuzzer, `coverage` by
# counters of lines and branches. Each has a build folder of its own (./x). Compiled programs hold the runtime, so they are linked the same
# way: the command's first words lie beside the library, where the compiler and the tests find them; without the file they are `cc`.
set(BURIN_INSTRUMENT "" CACHE STRING "sanitize, fuzz, coverage, or nothing")
set(sanitizers -fsanitize=address,undefined -fno-sanitize-recover=all)
set(instrument_compile "")
set(instrument_link "")
set(program_link "") # more for the compiled programs alone
if(BURIN_INSTRUMENT STREQUAL "coverage")
  set(instrument_compile -fprofile-instr-generate -fcoverage-mapping)
  set(instrument_link -fprofile-instr-generate)
  set(program_link ${CMAKE_ARCHIVE_OUTPUT_DIRECTORY}/libburin_counters.a)
  set(CMAKE_CXX_FLAGS_RELEASE "-O0 -DNDEBUG") # lines as they are written
elseif(BURIN_INSTRUMENT)
  set(instrument_link ${sanitizers})
  # LLVM's headers are not ours to mend, and its libraries are not instrumented.
  set(instrument_compile ${sanitizers} -fsanitize-ignorelist=${CMAKE_SOURCE_DIR}/cmake/sanitize.ignore -fno-omit-frame-pointer -g1)
  if(BURIN_INSTRUMENT STREQUAL "fuzz")
    list(APPEND instrument_compile -fsanitize=fuzzer-no-link)
  endif()
endif()
add_compile_options(${instrument_compile})
add_link_options(${instrument_link})
file(REMOVE ${CMAKE_ARCHIVE_OUTPUT_DIRECTORY}/libburin_rt.link)
if(BURIN_INSTRUMENT)
  list(JOIN instrument_link " " words)
  list(JOIN program_link " " more)
  string(STRIP "${words} ${more}" words)
  file(WRITE ${CMAKE_ARCHIVE_OUTPUT_DIRECTORY}/libburin_rt.link "${CMAKE_C_COMPILER} ${words}\n")
endif()

if(program_link)
  add_library(burin_counters STATIC ${CMAKE_SOURCE_DIR}/cmake/Counters.c)
  target_compile_definitions(burin_counters PRIVATE BURIN_COUNTERS="${CMAKE_BINARY_DIR}/counters/programs.profraw")
endif()

# What all of the compiler is compiled with. The runtime is not: it has no part in LLVM.
add_library(burin_compiler_flags INTERFACE)
target_include_directories(burin_compiler_flags INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
target_include_directories(burin_compiler_flags SYSTEM INTERFACE ${MLIR_INCLUDE_DIRS} ${LLVM_INCLUDE_DIRS})
target_compile_options(burin_compiler_flags INTERFACE -fno-rtti -fno-exceptions -Wall -Wextra -Wno-unused-parameter -Wno-deprecated-declarations
                       -Xclang -fno-pch-timestamp)
target_link_libraries(burin_compiler_flags INTERFACE fmt::fmt)

# One precompiled header for all: headers are most of the build time. It holds absolute paths, so each build folder makes its own; what is
# compiled with it names it relative to the build folder, where ninja runs, and is cached under the .sum of what goes into it.
set(header CMakeFiles/burin_precompiled.dir/cmake_pch.hxx)
set(CMAKE_CXX_COMPILE_OPTIONS_USE_PCH -Xclang -include-pch -Xclang ${header}.pch -Xclang -include -Xclang ${header})
file(SHA256 ${CMAKE_SOURCE_DIR}/cmake/Precompiled.h sum)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/cmake/Precompiled.h)
file(WRITE ${CMAKE_BINARY_DIR}/${header}.pch.sum "${sum} ${LLVM_PACKAGE_VERSION} ${fmt_VERSION}")
file(WRITE ${CMAKE_BINARY_DIR}/empty.cpp "")
add_library(burin_precompiled OBJECT ${CMAKE_BINARY_DIR}/empty.cpp)
target_link_libraries(burin_precompiled PUBLIC burin_compiler_flags)
target_precompile_headers(burin_precompiled PRIVATE <cmake/Precompiled.h>)

# burin_library(Name): the *.cpp of this folder. Linked to the shared libMLIR and libLLVM by the tools alone.
function(burin_library name)
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC burin_compiler_flags)
  target_precompile_headers(${name} REUSE_FROM burin_precompiled)
  if(TARGET burin_generated_headers)
    add_dependencies(${name} burin_generated_headers)
  endif()
  set_property(GLOBAL APPEND PROPERTY BURIN_LIBRARIES ${name})
endfunction()

# burin_embed(output NAME|NAME_WE file...): files as one source to be included, `{"name", "text"},` for each.
function(burin_embed output part)
  set(table "")
  foreach(file ${ARGN})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    get_filename_component(name ${file} ${part})
    file(READ ${file} text)
    string(APPEND table "    {\"${name}\", R\"burin(${text})burin\"},\n")
  endforeach()
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${output} CONTENT "@table@" @ONLY)
endfunction()

# burin_tablegen(File -gen-flag output ...): code from one .td of this folder.
function(burin_tablegen file)
  set(LLVM_TARGET_DEFINITIONS ${file})
  list(LENGTH ARGN count)
  set(i 0)
  while(i LESS count)
    list(GET ARGN ${i} output)
    math(EXPR i "${i} + 1")
    set(flags "")
    while(i LESS count)
      list(GET ARGN ${i} flag)
      if(NOT flag MATCHES "^-")
        break()
      endif()
      list(APPEND flags ${flag})
      math(EXPR i "${i} + 1")
    endwhile()
    mlir_tablegen(${output} ${flags} EXTRA_INCLUDES ${CMAKE_SOURCE_DIR} ${MLIR_INCLUDE_DIRS} ${LLVM_INCLUDE_DIRS})
  endwhile()
  string(REGEX REPLACE "[/.]" "_" target "generate_${CMAKE_CURRENT_SOURCE_DIR}_${file}")
  get_filename_component(folder ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  add_custom_target(generate_${folder}_${file} DEPENDS ${TABLEGEN_OUTPUT})
  if(NOT TARGET burin_generated_headers)
    add_custom_target(burin_generated_headers)
  endif()
  add_dependencies(burin_generated_headers generate_${folder}_${file})
endfunction()

# burin_tool(name sources...): an executable of all libraries.
function(burin_tool name)
  get_property(libraries GLOBAL PROPERTY BURIN_LIBRARIES)
  add_executable(${name} ${ARGN})
  target_precompile_headers(${name} REUSE_FROM burin_precompiled)
  add_dependencies(${name} burin_generated_headers)
  target_link_libraries(${name} PRIVATE burin_compiler_flags -Wl,--start-group ${libraries} -Wl,--end-group
                        burin_runtime MLIR LLVM)
endfunction()

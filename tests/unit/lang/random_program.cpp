#include "random_program.h"

namespace placewright::lang {
namespace {

constexpr const char* kNames[] = {"a", "task_1", "No_Align", "TaskSteal", "x9", "_"};
constexpr const char* kTaskNames[] = {"a",        "task_1",    "\"Exports.AddBodyForces\"",
                                      "\"GPU\"",  "\"plain\"", "\"two words\"",
                                      "SAME_NODE"};
constexpr const char* kProcessors[] = {"CPU", "GPU", "IO", "PY", "PROC", "OMP"};
constexpr const char* kMemories[] = {"SYSMEM",  "FBMEM",      "RDMEM",  "ZCMEM",
                                     "SOCKMEM", "REGSOCKMEM", "VIRTUAL"};
constexpr const char* kTypes[] = {"int", "bool", "IPoint", "ISpace", "MSpace", "Task"};
constexpr const char* kOperators[] = {"+",  "-",  "*",  "/",  "%",  "<", ">",
                                      "<=", ">=", "==", "!=", "&&", "||"};
constexpr const char* kMembers[] = {"size",  "volume", "len",        "ipoint", "ispace",   "parent",
                                    "split", "merge",  "auto_split", "has",    "processor"};
constexpr const char* kConstraints[] = {"SOA",     "AOS",       "F_order",  "C_order",
                                        "Compact", "Exact",     "No_Align", "Align == 16",
                                        "Align<8", "Align != 3"};
constexpr int kDepth = 4;

}  // namespace

std::string RandomProgram::text(int statements) {
  std::string result;
  const int count = 1 + below(statements);
  for (int i = 0; i < count; ++i) result += gap() + statement() + (one_in(3) ? gap() : "\n");
  return result;
}

std::string RandomProgram::gap() {
  constexpr const char* kGaps[] = {" ",      " ",         " ",        "  ",   "\t",   "\n",
                                   "\n\n\n", " # note\n", " // # \n", "\r\n", "\n#\n"};
  return any(kGaps);
}

std::string RandomProgram::tasks(bool with_kinds) {
  if (one_in(4)) return "*";
  if (with_kinds && one_in(4)) return any(kProcessors);
  std::string result = any(kTaskNames);
  while (one_in(3)) result += "," + gap() + any(kTaskNames);
  return result;
}

std::string RandomProgram::region() {
  if (one_in(3)) return "*";
  return one_in(3) ? std::to_string(below(12)) : std::string(any(kTaskNames));
}

std::string RandomProgram::kinds() {
  std::string result = any(kProcessors);
  while (one_in(3)) result += gap() + "," + any(kProcessors);
  return result;
}

std::string RandomProgram::memories() {
  std::string result = any(kMemories);
  while (one_in(3)) result += "," + gap() + any(kMemories);
  return result;
}

std::string RandomProgram::constraints() {
  std::string result;
  while (one_in(2)) result += gap() + any(kConstraints);
  return result;
}

std::string RandomProgram::statement() {
  switch (below(11)) {
    case 0:
      return "Task" + gap() + tasks(false) + gap() + kinds() + gap() + ";";
    case 1:
      return "Region" + gap() + tasks(false) + gap() + region() + gap() +
             (one_in(2) ? "*" : any(kProcessors)) + gap() + memories() + ";";
    case 2:
      return "Layout" + gap() + tasks(false) + gap() + region() + gap() +
             (one_in(2) ? "*" : any(kMemories)) + constraints() + ";";
    case 3:
      return "IndexTaskMap" + gap() + tasks(true) + gap() + any(kNames) + gap() + ";";
    case 4:
      return "SingleTaskMap" + gap() + tasks(true) + gap() + any(kNames) + ";";
    case 5:
      return "InstanceLimit" + gap() + tasks(false) + gap() + std::to_string(below(9)) + ";";
    case 6:
      return "CollectMemory" + gap() + tasks(false) + gap() + region() + ";";
    case 7:
      return "ControlReplicate" + gap() + any(kTaskNames) + "," + any(kTaskNames) + ";";
    case 8:
      return print();
    case 9:
      return assignment();
    default:
      return function();
  }
}

std::string RandomProgram::function() {
  std::string result = "def" + gap() + any(kNames) + gap() + "(";
  for (int i = below(3); i >= 0; --i)
    result += std::string(any(kTypes)) + gap() + any(kNames) + (i > 0 ? "," : "");
  result += ")" + gap() + "{";
  for (int i = below(4); i >= 0; --i) {
    const std::string body[] = {assignment(), print(), "return" + gap() + expression(0) + ";"};
    result += gap() + body[below(3)];
  }
  return result + gap() + "}" + (one_in(5) ? ";" : "");
}

std::string RandomProgram::assignment() {
  return any(kNames) + gap() + "=" + gap() + expression(0) + gap() + ";";
}

std::string RandomProgram::print() {
  return "print" + gap() + "(\"{} # // \"" + (one_in(2) ? "" : "," + list(1, false)) + ");";
}

std::string RandomProgram::expression(int depth) {
  if (depth >= kDepth) return primary(depth);
  switch (below(8)) {
    case 0:
    case 1:
      return expression(depth + 1) + gap() + any(kOperators) + gap() + expression(depth + 1);
    case 2:
      return expression(depth + 1) + gap() + "?" + gap() + expression(depth + 1) + ":" + gap() +
             expression(depth + 1);
    case 3:
      return (one_in(2) ? "-" : "!") + gap() + expression(depth + 1);
    case 4:
      return primary(depth) + "." + any(kMembers);
    case 5:
      return primary(depth) + gap() + index(depth);
    case 6:
      return primary(depth) + "(" + list(depth + 1, false) + ")";
    default:
      return primary(depth);
  }
}

std::string RandomProgram::index(int depth) {
  if (one_in(2)) return "[" + list(depth + 1, true) + "]";
  return "[" + (one_in(2) ? "" : expression(depth + 1)) + ":" +
         (one_in(2) ? "" : expression(depth + 1)) + "]";
}

std::string RandomProgram::primary(int depth) {
  const int limit = depth < kDepth ? 9 : 6;
  switch (below(limit)) {
    case 0:
    case 1:
      return any(kNames);
    case 2:
      return std::to_string(random_());
    case 3:
      return one_in(2) ? "True" : "False";
    case 4:
      return any(kProcessors);
    case 5:
      return any(kMemories);
    case 6:
      return "(" + gap() + expression(depth + 1) + ")";
    case 7:
      return "(" + expression(depth + 1) + "," + list(depth + 1, false) + ")";
    default:
      return "tuple" + gap() + "(" + expression(depth + 1) + gap() + "for" + gap() + any(kNames) +
             gap() + "in" + gap() + expression(depth + 1) + ")";
  }
}

std::string RandomProgram::list(int depth, bool stars) {
  std::string result;
  for (int i = below(3); i >= 0; --i) {
    if (stars && one_in(4)) {
      result += "*";
    } else {
      result += (one_in(4) ? "*" : "") + expression(depth + 1);
    }
    if (i > 0) result += "," + gap();
  }
  return result;
}

}  // namespace placewright::lang

package dev.whatif.core.dwarf;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The source files that a line program and DW_AT_call_file name by number, as full paths.
 *
 * <p>Not safe for use by several threads while files are added.
 */
final class FileTable {

  private final String compilationFolder;
  private final List<String> folders = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final List<Integer> folderOfName = new ArrayList<>();
  private final int firstNumber;

  /**
   * An empty table.
   *
   * @param firstNumber number of the first file: 0 in DWARF 5, 1 before
   */
  FileTable(String compilationFolder, int firstNumber) {
    this.compilationFolder = compilationFolder;
    this.firstNumber = firstNumber;
    if (firstNumber == 1) {
      folders.add(compilationFolder);
    }
  }

  void addFolder(String folder) {
    folders.add(folder);
  }

  void addFile(String name, int folder) {
    names.add(name);
    folderOfName.add(folder);
  }

  /** Full path of a file, normalised; empty when there is no such file. */
  String path(int number) {
    int i = number - firstNumber;
    if (number < 0 || i < 0 || i >= names.size()) {
      return "";
    }
    String path = names.get(i);
    int folder = folderOfName.get(i);
    if (!path.startsWith("/") && folder >= 0 && folder < folders.size()) {
      path = join(folders.get(folder), path);
    }
    return SourcePath.normalised(path.startsWith("/") ? path : join(compilationFolder, path));
  }

  /** Full paths of all files, each once. */
  List<String> paths() {
    Set<String> result = new LinkedHashSet<>();
    for (int i = 0; i < names.size(); i++) {
      result.add(path(firstNumber + i));
    }
    return List.copyOf(result);
  }

  private static String join(String folder, String name) {
    return folder.isEmpty() ? name : folder + "/" + name;
  }
}

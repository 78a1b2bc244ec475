namespace TrafficDispatch.Docs.Tests.Consoles;

/// <summary>Columns of tables that say how long something took.</summary>
internal static class TimedColumns
{
    private static readonly string[] Headings = ["solve, ms"];

    /// <summary>The text with every cell below such a heading replaced by a word.</summary>
    public static string Mask(string text)
    {
        string[] lines = text.Split('\n');
        int column = -1;
        for (int i = 0; i < lines.Length; i++)
        {
            // Cells stand between bars; a line without any ends the table.
            string[] cells = lines[i].Split('|');
            if (cells.Length < 3)
            {
                if (lines[i].Length == 0) column = -1;
                continue;
            }
            if (column >= 0 && column < cells.Length && long.TryParse(cells[column], System.Globalization.CultureInfo.InvariantCulture, out _)) cells[column] = " TIME ";
            else if (Array.FindIndex(cells, static c => Headings.Contains(c.Trim())) is >= 0 and var found) column = found;
            lines[i] = string.Join('|', cells);
        }
        return string.Join('\n', lines);
    }
}

using System.Text;

namespace TrafficDispatch.Cli.Tests.Oracle;

/// <summary>A CSV file as rows of named fields; shares no code with the product.</summary>
internal static class CsvText
{
    public static List<Dictionary<string, string>> Read(string path)
    {
        string[] lines = File.ReadAllLines(path);
        List<string> header = Split(lines[0]);
        return [.. lines.Skip(1).Where(static l => l.Length > 0).Select(l =>
            header.Zip(Split(l)).ToDictionary(static p => p.First, static p => p.Second, StringComparer.Ordinal))];
    }

    public static List<string> Split(string line)
    {
        List<string> fields = [];
        StringBuilder field = new();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"') field.Append(line[++i]);
            else if (line[i] == '"') quoted = !quoted;
            else if (line[i] == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else field.Append(line[i]);
        }
        fields.Add(field.ToString());
        return fields;
    }
}

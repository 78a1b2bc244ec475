using System.Collections.Immutable;
using System.Text;
using TrafficDispatch.WhatIf.Files;

namespace TrafficDispatch.Cli.Input.Studies;

/// <summary>Reads a scenario file in YAML or JSON; every fault is shown, and nothing of the file is used.</summary>
internal static class StudyFile
{
    private const int MostBytes = 1 << 20;

    /// <summary>Reads it.</summary>
    /// <param name="terminal">Where faults go.</param>
    /// <param name="file">Its path; <c>-</c> for standard input, YAML or JSON.</param>
    /// <returns>The study, or null after its faults are written.</returns>
    public static ScenarioStudy? Read(Terminal terminal, string file)
    {
        (ScenarioStudy? study, ImmutableArray<StudyFault> faults) = Parse(terminal, file);
        foreach (StudyFault fault in faults) terminal.WriteFault(fault.ToString());
        if (study is null) terminal.WriteHint($"nothing of '{file}' was tried; docs/reference/scenario.md describes the form");
        return study;
    }

    private static (ScenarioStudy? Study, ImmutableArray<StudyFault> Faults) Parse(Terminal terminal, string file)
    {
        byte[] bytes;
        try
        {
            using Stream stream = file == "-" ? terminal.Input() : File.OpenRead(file);
            using MemoryStream all = new();
            Span<byte> buffer = stackalloc byte[8192];
            for (int got = stream.Read(buffer); got > 0; got = stream.Read(buffer))
            {
                if (all.Length + got > MostBytes) return (null, [new(file, 1, 1, "", $"it is larger than {MostBytes >> 20} MiB")]);
                all.Write(buffer[..got]);
            }
            bytes = all.ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, [new(file, 1, 1, "", $"cannot be read: {e.Message}")]);
        }
        if (file.EndsWith(".json", StringComparison.OrdinalIgnoreCase)) return StudyReader.ReadJson(bytes, file);
        (ScenarioNode? node, StudyFault? fault) = YamlNodes.Read(Encoding.UTF8.GetString(bytes), file);
        return node is null ? (null, [fault!]) : StudyReader.Read(node, file);
    }
}

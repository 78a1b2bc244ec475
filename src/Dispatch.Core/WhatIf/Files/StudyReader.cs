using System.Collections.Immutable;
using System.Globalization;
using TrafficDispatch.WhatIf.Edits;
using TrafficDispatch.WhatIf.Tradeoffs;

namespace TrafficDispatch.WhatIf.Files;

/// <summary>Reads a scenario file, whichever notation its nodes came from. Nothing of a file with a fault is used.</summary>
/// <remarks>The form is described in docs/reference/scenario.md.</remarks>
public static class StudyReader
{
    private const int MostEdits = 1000, MostNodes = 100_000;

    /// <summary>Reads a file in JSON.</summary>
    /// <inheritdoc cref="Read"/>
    public static (ScenarioStudy? Study, ImmutableArray<StudyFault> Faults) ReadJson(ReadOnlySpan<byte> utf8, string file)
    {
        (ScenarioNode? node, StudyFault? fault) = JsonNodes.Read(utf8, file);
        return node is null ? (null, [fault!]) : Read(node, file);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="root">Its value.</param>
    /// <param name="file">Its name, for faults.</param>
    /// <returns>The study and no faults, or null and every fault, in the order of the file.</returns>
    public static (ScenarioStudy? Study, ImmutableArray<StudyFault> Faults) Read(ScenarioNode root, string file)
    {
        ArgumentNullException.ThrowIfNull(root);
        StudyFaults faults = new(file);
        if (root is not MapNode map)
        {
            faults.Add(root, "", $"is {root.Kind}; it must be a map with edits");
            return (null, faults.All());
        }
        if (Count(root) > MostNodes)
        {
            faults.Add(root, "", FormattableString.Invariant($"holds more than {MostNodes} values"));
            return (null, faults.All());
        }
        ScenarioStudy study = StudyOf(map, file, faults);
        return faults.Count == 0 ? (study, []) : (null, faults.All());
    }

    private static ScenarioStudy StudyOf(MapNode root, string file, StudyFaults faults)
    {
        MapReader map = new(root, "", faults);
        string name = map.Text("name") ?? Path.GetFileNameWithoutExtension(file);
        ScenarioStudy study = new()
        {
            File = file,
            Source = root,
            Name = name,
            UtcHour = map.Whole("utc_hour", 0, 23),
            Common = CaseOf(map, name, faults),
            Choices = ChoicesOf(map, faults),
            Each = map.Word("each", "domain", "edge", "operator", "site") switch
            {
                "domain" => TargetKind.Domain,
                "edge" => TargetKind.Edge,
                "operator" => TargetKind.Operator,
                "site" => TargetKind.Site,
                _ => null,
            },
            Hours = HoursOf(map),
            Month = MonthOf(map),
            Pareto = map.Take("pareto") is ScalarNode { Text: "default" } ? ParetoCurve.DefaultFactors : map.Numbers("pareto", 0, 1e6),
        };
        map.RefuseOthers();
        return study;
    }

    private static StudyCase CaseOf(MapReader map, string name, StudyFaults faults)
    {
        ImmutableArray<ScenarioEdit>.Builder edits = ImmutableArray.CreateBuilder<ScenarioEdit>();
        ImmutableArray<(ScenarioNode, string)>.Builder places = ImmutableArray.CreateBuilder<(ScenarioNode, string)>();
        foreach ((ScenarioNode node, string field) in map.Items("edits"))
        {
            if (EditReader.Read(node, field, faults) is not { } edit) continue;
            edits.Add(edit);
            places.Add((node, field));
        }
        if (edits.Count > MostEdits) map.Fault("edits", FormattableString.Invariant($"has {edits.Count} edits; at most {MostEdits} are taken"));
        return new(new Scenario(name, edits.ToImmutable()), places.ToImmutable());
    }

    // A list of variants is one choice, a list of lists one choice each.
    private static ImmutableArray<ImmutableArray<StudyCase>> ChoicesOf(MapReader map, StudyFaults faults)
    {
        (ScenarioNode Node, string Field)[] items = [.. map.Items("variants")];
        if (items.Length == 0) return [];
        if (!items.All(static i => i.Node is ListNode)) return [ChoiceOf(items, faults)];
        return
        [
            .. items.Select(i => ChoiceOf([.. ((ListNode)i.Node).Items.Select((item, at) => (item, string.Create(CultureInfo.InvariantCulture, $"{i.Field}[{at}]")))], faults)),
        ];
    }

    private static ImmutableArray<StudyCase> ChoiceOf((ScenarioNode Node, string Field)[] items, StudyFaults faults)
    {
        ImmutableArray<StudyCase>.Builder variants = ImmutableArray.CreateBuilder<StudyCase>();
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach ((ScenarioNode node, string field) in items)
        {
            if (node is not MapNode map)
            {
                faults.Add(node, field, $"is {node.Kind}; a variant must be a map with name and edits");
                continue;
            }
            MapReader reader = new(map, field, faults);
            string name = reader.RequiredText("name");
            if (name.Length > 0 && !names.Add(name)) reader.Fault("name", $"is '{name}' twice; variants are told apart by their names");
            variants.Add(CaseOf(reader, name, faults));
            reader.RefuseOthers();
        }
        return variants.ToImmutable();
    }

    private static ImmutableArray<int> HoursOf(MapReader map)
    {
        if (map.Take("hours") is ScalarNode { Text: "day" }) return [.. Enumerable.Range(0, 24)];
        ImmutableArray<double> hours = map.Numbers("hours", 0, 23);
        if (hours.Any(static h => h != Math.Floor(h))) map.Fault("hours", "must be whole hours, 0 to 23, or day");
        return [.. hours.Select(static h => (int)h).Distinct()];
    }

    private static MonthQuestion? MonthOf(MapReader map)
    {
        if (map.Take("month") is not { } node) return null;
        if (node is not MapNode inner)
        {
            map.Fault("month", $"is {node.Kind}; it must be a map with days, slot_minutes and seed, each of which may be left out");
            return null;
        }
        MapReader month = map.Inside(inner, "month");
        MonthQuestion question = new(month.Whole("days", 1, 31) ?? 30, month.Whole("slot_minutes", 5, 60) ?? 60, month.Whole("seed", 0, int.MaxValue) ?? 1);
        if (60 % question.SlotMinutes != 0) month.Fault("slot_minutes", "must divide an hour: 5, 6, 10, 12, 15, 20, 30 or 60");
        month.RefuseOthers();
        return question;
    }

    private static int Count(ScenarioNode node) => node switch
    {
        ListNode list => 1 + list.Items.Sum(Count),
        MapNode map => 1 + map.Entries.Sum(static e => 1 + Count(e.Value)),
        _ => 1,
    };
}

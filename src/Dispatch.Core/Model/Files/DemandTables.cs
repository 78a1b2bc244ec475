namespace TrafficDispatch.Model.Files;

/// <summary>Reads the matrices of round-trip times and of loss, and the curve of the day.</summary>
internal static class DemandTables
{
    public const string MatrixFile = "rtt_region_edge.csv";
    public const string LossFile = "loss_region_edge.csv";
    private const double PercentPerWhole = 100;
    public const string DiurnalFile = "diurnal.csv";

    /// <summary>Round-trip times in milliseconds.</summary>
    public static RttMatrix ReadMatrix(WorldDraft draft) =>
        ReadCells(draft, MatrixFile, required: true, NumberRule.Rtt) is { } cells
            ? new RttMatrix(draft.Regions.Count, draft.Edges.Count, cells)
            : new RttMatrix(0, 0, []);

    /// <summary>Packet loss: percent in the file, a fraction in the world; null where there is no such file.</summary>
    public static LossMatrix? ReadLoss(WorldDraft draft)
    {
        if (ReadCells(draft, LossFile, required: false, NumberRule.Percent) is not { } cells) return null;
        for (int i = 0; i < cells.Length; i++) cells[i] /= PercentPerWhole;
        return new LossMatrix(draft.Regions.Count, draft.Edges.Count, cells);
    }

    /// <summary>Every region must have one row and every edge one column; anything more dangles.</summary>
    private static double[]? ReadCells(WorldDraft draft, string file, bool required, NumberRule rule)
    {
        int regions = draft.Regions.Count, edges = draft.Edges.Count;
        if (TableReader.Open(draft.Files, file, required) is not { } t) return null;
        Column id = t.Required("region_id");
        (Column Column, int Edge)[] columns = MatchColumns(t, draft.Edges);
        if (!t.Begin()) return null;
        if ((long)regions * edges > draft.Files.Limits.MatrixCells)
        {
            t.Fault($"must not have more than {draft.Files.Limits.MatrixCells} cells");
            return null;
        }
        double[] cells = new double[regions * edges];
        int[] lines = new int[regions];
        while (t.Next())
        {
            int region = draft.Regions.Find(t, id);
            if (region >= 0 && lines[region] > 0) t.Fault(id, $"must be unique: line {lines[region]} has it too");
            if (region >= 0) lines[region] = t.Line;
            foreach ((Column column, int edge) in columns)
            {
                double value = t.Number(column, rule);
                if (region >= 0 && edge >= 0) cells[region * edges + edge] = value;
            }
        }
        for (int r = 0; r < regions; r++)
            if (lines[r] == 0 && draft.Regions.IsComplete && !t.HadBroken && draft.Regions.Find(draft.Regions[r]) == r)
                t.Fault($"must have a row for region '{draft.Regions[r]}'");
        return cells;
    }

    public static DiurnalCurve ReadDiurnal(WorldDraft draft)
    {
        if (TableReader.Open(draft.Files, DiurnalFile, required: true) is not { } t) return DiurnalCurve.Flat;
        Column hour = t.Required("local_hour"), fraction = t.Required("fraction_of_peak");
        t.Ignored("sandvine_video_streaming_2021_raw");
        if (!t.Begin()) return DiurnalCurve.Flat;
        double[] curve = new double[24];
        int[] lines = new int[24];
        bool sure = true;
        while (t.Next())
        {
            int h = t.Whole(hour, 0, 23, out bool read);
            double f = t.Number(fraction, NumberRule.Fraction);
            sure &= read && !t.IsBroken;
            if (!read || t.IsBroken) continue;
            if (lines[h] > 0) t.Fault(hour, $"must be unique: line {lines[h]} has it too");
            (curve[h], lines[h]) = (f, t.Line);
        }
        for (int h = 0; h < 24 && sure; h++)
            if (lines[h] == 0) t.Fault($"must have a row for local hour {h}");
        return new DiurnalCurve([.. curve]);
    }

    private static (Column Column, int Edge)[] MatchColumns(TableReader t, IdIndex edges)
    {
        List<(Column, int)> columns = [];
        bool[] seen = new bool[edges.Count];
        foreach (Column c in t.Header.Where(static c => c.Name != "region_id"))
        {
            t.Ignored(c.Name);
            int edge = edges.Find(c.Name);
            if (edge >= 0) seen[edge] = true;
            else if (edges.IsComplete) t.HeaderFault(c, $"column '{FaultLog.Shown(c.Name)}' must be an edge of {edges.File}");
            columns.Add((c, edge));
        }
        for (int e = 0; e < seen.Length; e++)
            if (!seen[e] && edges.IsComplete && edges.Find(edges[e]) == e) t.HeaderFault(default, $"must have a column for edge '{edges[e]}'");
        return [.. columns];
    }
}

namespace TrafficDispatch.Client;

/// <summary>Keeps the last good table in a file. Used by the follower's task, and at the start and the end.</summary>
internal sealed class TableSaver(string path, DispatchClientOptions options)
{
    private long _savedAt;
    private DispatchTable? _saved;

    /// <summary>The table in the file; null where there is none, or none that can be used: that is told.</summary>
    public DispatchTable? Load()
    {
        try
        {
            if (!File.Exists(path)) return null;
            if (TableFile.TryRead(File.ReadAllBytes(path), options.Selection, out DispatchTable? table, out string fault)) return _saved = table;
            options.OnTrouble?.Invoke($"{path} is not used: {fault}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            options.OnTrouble?.Invoke($"{path} cannot be read: {e.Message}");
        }
        return null;
    }

    /// <summary>Saves a table, unless one was saved just now; the next one, or the end, makes up for it.</summary>
    public void Save(DispatchTable table)
    {
        if (_savedAt != 0 && options.Time.GetElapsedTime(_savedAt) < options.SaveEvery) return;
        SaveNow(table);
    }

    /// <summary>Saves a table that is not in the file yet.</summary>
    public void SaveNow(DispatchTable? table)
    {
        if (table is null || ReferenceEquals(table, _saved)) return;
        try
        {
            // Beside it and then in its place: whoever reads finds the old one or the new one, whole.
            string beside = path + ".new";
            using (FileStream file = new(beside, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                file.Write(TableFile.Write(table, options.Selection));
                file.Flush(flushToDisk: true);
            }
            File.Move(beside, path, overwrite: true);
            (_saved, _savedAt) = (table, options.Time.GetTimestamp());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            options.OnTrouble?.Invoke($"{path} cannot be written: {e.Message}");
        }
    }
}

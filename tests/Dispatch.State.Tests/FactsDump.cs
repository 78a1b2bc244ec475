using System.Globalization;
using System.Text;
using System.Text.Json;
using TrafficDispatch.Model;

namespace TrafficDispatch.State.Tests;

/// <summary>Everything that a world says as text, field by field; two worlds are the same where their texts are.</summary>
internal static class FactsDump
{
    private static readonly JsonSerializerOptions Lines = new() { WriteIndented = true };

    public static string Of(World world)
    {
        StringBuilder text = new(JsonSerializer.Serialize(world.Facts, Lines));
        for (int r = 0; r < world.Regions.Length; r++) Append(text.Append("\nrtt "), world.Rtt.Row(r));
        for (int r = 0; world.Facts.Loss is { } loss && r < world.Regions.Length; r++) Append(text.Append("\nloss "), loss.Row(r));
        return text.ToString();
    }

    private static void Append(StringBuilder text, ReadOnlySpan<double> row)
    {
        foreach (double value in row) text.Append(value.ToString("R", CultureInfo.InvariantCulture)).Append(' ');
    }
}

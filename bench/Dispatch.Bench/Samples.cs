using System.Globalization;

namespace TrafficDispatch.Bench;

/// <summary>Figures of one kind of step.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = [];

    public bool IsEmpty => _values.Count == 0;

    public double Median => At(0.5);

    public double Most => At(1);

    /// <summary>Median, 90 % and greatest, as three cells of a Markdown table.</summary>
    public string Cells => string.Create(CultureInfo.InvariantCulture, $"{Median:F3} | {At(0.9):F3} | {Most:F3}");

    public void Add(double value) => _values.Add(value);

    private double At(double share)
    {
        _values.Sort();
        return IsEmpty ? double.NaN : _values[Math.Min(_values.Count - 1, (int)(share * _values.Count))];
    }
}

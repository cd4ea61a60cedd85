package keep

import (
	"reflect"
	"unsafe"
)

// BytesOf is what a value takes in memory with all that it holds. What it holds
// twice counts once.
func BytesOf[T any](v T) int {
	w := weigher{map[unsafe.Pointer]bool{}, map[reflect.Type]bool{}}
	return int(unsafe.Sizeof(v)) + w.held(reflect.ValueOf(v))
}

type weigher struct {
	seen map[unsafe.Pointer]bool
	flat map[reflect.Type]bool // whether values of a type hold nothing beyond themselves
}

// held is what a value takes beside its own place.
func (w weigher) held(v reflect.Value) int {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() || w.again(v.UnsafePointer()) {
			return 0
		}
		return int(v.Type().Elem().Size()) + w.held(v.Elem())
	case reflect.String:
		if v.Len() == 0 || w.again(v.UnsafePointer()) {
			return 0
		}
		return v.Len()
	case reflect.Slice:
		if v.Cap() == 0 || w.again(v.UnsafePointer()) {
			return 0
		}
		return v.Cap()*int(v.Type().Elem().Size()) + w.elements(v)
	case reflect.Array:
		return w.elements(v)
	case reflect.Map:
		if v.IsNil() || w.again(v.UnsafePointer()) {
			return 0
		}
		t := v.Type()
		bytes := 2 * v.Len() * int(t.Key().Size()+t.Elem().Size()) // half of a map's places are free
		for each := v.MapRange(); each.Next(); {
			bytes += w.held(each.Key()) + w.held(each.Value())
		}
		return bytes
	case reflect.Struct:
		bytes := 0
		for i := range v.NumField() {
			if f := v.Field(i); !w.isFlat(f.Type()) {
				bytes += w.held(f)
			}
		}
		return bytes
	case reflect.Interface:
		if v.IsNil() {
			return 0
		}
		return int(v.Elem().Type().Size()) + w.held(v.Elem())
	default:
		return 0
	}
}

func (w weigher) elements(v reflect.Value) int {
	if w.isFlat(v.Type().Elem()) {
		return 0
	}
	bytes := 0
	for i := range v.Len() {
		bytes += w.held(v.Index(i))
	}
	return bytes
}

func (w weigher) again(p unsafe.Pointer) bool {
	if w.seen[p] {
		return true
	}
	w.seen[p] = true
	return false
}

func (w weigher) isFlat(t reflect.Type) bool {
	flat, known := w.flat[t]
	if known {
		return flat
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.String, reflect.Slice, reflect.Map, reflect.Interface:
	case reflect.Array:
		flat = w.isFlat(t.Elem())
	case reflect.Struct:
		flat = true
		for i := range t.NumField() {
			flat = flat && w.isFlat(t.Field(i).Type)
		}
	default:
		flat = true
	}
	w.flat[t] = flat
	return flat
}
